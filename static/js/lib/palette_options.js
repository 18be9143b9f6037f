// The options of the palette: which of them this page has, and what choosing one does.
import { visit } from "lib/navigation";
import { capsOf } from "lib/keys";
import { areOn, exists, keysOf, SHORTCUTS } from "lib/shortcuts";

const shortcutOf = ({ dataset }) => SHORTCUTS.find(({ name }) => name === dataset.shortcut);
const place = (selector) => document.querySelector(selector);

// Take away what cannot be done here, and groups that nothing is left of; show the keys of the rest.
export function suit(list) {
  for (const option of list.querySelectorAll("[role=option]")) {
    option.ariaSelected = "false";
    if (!isHere(option)) option.remove();
    else showKeys(option);
  }
  for (const group of list.querySelectorAll("[role=group]:not(:has([role=option]))"))
    group.remove();
}

function isHere(option) {
  if (option.href || option.dataset.post) return true;
  return option.dataset.press ? place(option.dataset.press) !== null : exists(shortcutOf(option));
}

function showKeys(option) {
  const shortcut = shortcutOf(option);
  if (!shortcut || !areOn() || !exists(shortcut)) return;
  const cap = document.createElement("kbd");
  cap.className = "kbd";
  cap.textContent = capsOf(keysOf(shortcut)).join(" ");
  option.querySelector("[data-keys]").append(cap);
}

// Do what the option says; `token` is for what is posted.
export function choose(option, token) {
  const { press, post, model } = option.dataset;
  const picker = model && document.querySelector("model-picker");
  if (picker) picker.pick(model).catch(() => visit(option.href));
  else if (press) place(press)?.click();
  else if (post)
    submit(post, { ...fields(option), csrfmiddlewaretoken: token, next: location.pathname });
  else if (option.href) visit(option.href);
  else run(shortcutOf(option));
}

const fields = ({ dataset }) => ({ [dataset.name]: dataset.value });

function run(shortcut) {
  const target = place(shortcut.place);
  if (target) shortcut.run(target);
}

// As a form does it, so that the page that comes back is told everything anew.
function submit(url, values) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = url;
  for (const [name, value] of Object.entries(values)) {
    const field = document.createElement("input");
    field.type = "hidden";
    Object.assign(field, { name, value });
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}

// The options of the palette: those that the page offers, their number, and what choosing one does.
import { fill } from "lib/dom";
import { capsOf } from "lib/keys";
import { visit } from "lib/navigation";
import { areOn, exists, keysOf, SHORTCUTS } from "lib/shortcuts";

const shortcutOf = ({ dataset }) => SHORTCUTS.find(({ name }) => name === dataset.shortcut);
const place = (selector) => document.querySelector(selector);

// Remove the options that this page does not offer and the groups that are then empty, and show the
// keys of the others.
export function suit(list) {
  for (const option of list.querySelectorAll("[role=option]")) {
    option.ariaSelected = "false";
    if (isOffered(option)) showKeys(option);
    else option.remove();
  }
  for (const group of list.querySelectorAll("[role=group]:not(:has([role=option]))"))
    group.remove();
}

function isOffered(option) {
  if (option.href || option.dataset.post) return true;
  if (option.dataset.press) return place(option.dataset.press) !== null;
  return exists(shortcutOf(option));
}

function showKeys(option) {
  const shortcut = shortcutOf(option);
  if (!shortcut || !areOn() || !exists(shortcut)) return;
  const cap = document.createElement("kbd");
  cap.className = "kbd";
  cap.textContent = capsOf(keysOf(shortcut)).join(" ");
  option.querySelector("[data-keys]").append(cap);
}

// Return the sentence that tells how many conversations and actions were found. `texts` holds its
// parts, as the data-text-* attributes of <command-palette> do.
export function countsOf(list, texts) {
  const counts = {};
  for (const kind of ["conversations", "actions"]) {
    const n = list.querySelectorAll(`[data-counts=${kind}] [role=option]`).length;
    const isOne = new Intl.PluralRules(document.documentElement.lang).select(n) === "one";
    const name = `text${kind[0].toUpperCase()}${kind.slice(1)}`;
    counts[kind] = fill(texts[isOne ? `${name}One` : name], { n });
  }
  return fill(texts.textFound, counts);
}

// Do what the option offers. `token` is the CSRF token of the forms that are posted.
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

// Submit a form rather than fetch(), because the whole page changes with what is posted here.
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

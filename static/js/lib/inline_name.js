// Another name for something, typed where the name stands: Enter keeps, Escape and leaving restore.
import { copyOf } from "lib/dom";
import { Composing } from "lib/composing";
import { post } from "lib/http";

// Put the form of `template` over `place`. `show` puts the new name where it is seen; `failed` is told.
export function editName(place, { template, url, show, failed }) {
  const before = place.textContent;
  const { form, close } = nameForm(template, (fields, name) => send(fields, name));
  const field = form.querySelector("input");
  field.value = before;
  place.hidden = true;
  place.after(form);
  form.addEventListener("closed", () => (place.hidden = false));
  field.select();

  async function send(fields, name) {
    close();
    if (!name || name === before) return;
    show(name);
    const result = await post(url, fields).catch(() => null);
    if (result?.ok) return;
    show(before);
    failed(result);
  }
}

// A form with one field, which goes when it is left. `submit` gets the fields and the name.
export function nameForm(template, submit) {
  const form = copyOf(template);
  const field = form.querySelector("input");
  const composing = new Composing(field);
  let isOpen = true;
  const close = () => {
    // Removing the form takes the focus from its field, which closes it too.
    if (!isOpen) return;
    isOpen = false;
    form.dispatchEvent(new CustomEvent("closed"));
    form.remove();
  };
  field.addEventListener("blur", close);
  field.addEventListener(
    "keydown",
    (event) => event.key === "Escape" && !composing.owns(event) && close(),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(new FormData(form), field.value.trim());
  });
  return { form, close };
}

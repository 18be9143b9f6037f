// Edit a name in place. Enter saves it; Escape, or leaving the field, restores it.

import { Composing } from "lib/composing";
import { copyOf } from "lib/dom";
import { post } from "lib/http";

// Put the form of `template` in the place of `place`. `show` is called with each name to show, and
// `failed` with a result that is not ok, or null.
export function editName(place, { template, url, show, failed }) {
  const before = place.textContent.trim();
  const { form, close } = nameForm(template, (fields, name) => send(fields, name));
  const field = form.querySelector("input");
  field.value = before;
  place.hidden = true;
  place.after(form);
  form.addEventListener("closed", () => {
    place.hidden = false;
  });
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

// Return a form with one field, and a function that closes it. Leaving the field closes it too.
// `submit` is called with the fields and the name.
export function nameForm(template, submit) {
  const form = copyOf(template);
  const field = form.querySelector("input");
  const composing = new Composing(field);
  let isOpen = true;
  const close = () => {
    // Removing the form blurs its field, which calls this function again.
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

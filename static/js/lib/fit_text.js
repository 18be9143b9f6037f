// Make a field as high as its text, in browsers without field-sizing.
const isNeeded = !CSS.supports("field-sizing", "content");
const FIELDS = "textarea.input";

export function fitText(field) {
  if (!isNeeded) return;
  field.style.setProperty("block-size", "auto");
  const border = field.offsetHeight - field.clientHeight;
  field.style.setProperty("block-size", `${field.scrollHeight + border}px`);
}

function fitAll(root) {
  for (const field of root.querySelectorAll(FIELDS)) if (field.offsetParent) fitText(field);
}

if (isNeeded) {
  document.addEventListener("input", ({ target }) => target.matches?.(FIELDS) && fitText(target));
  // A field in a closed popover, dialog or <details> has no height yet.
  document.addEventListener("toggle", ({ target }) => fitAll(target), { capture: true });
  fitAll(document);
}

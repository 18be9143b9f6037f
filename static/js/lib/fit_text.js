// Make a field as high as its text, in browsers without field-sizing.
export function fitText(field) {
  if (CSS.supports("field-sizing", "content")) return;
  field.style.setProperty("block-size", "auto");
  field.style.setProperty("block-size", `${field.scrollHeight}px`);
}

// A field as high as its text, where the browser cannot do that by itself.
export function fitText(field) {
  if (CSS.supports("field-sizing", "content")) return;
  field.style.setProperty("block-size", "auto");
  field.style.setProperty("block-size", `${field.scrollHeight}px`);
}

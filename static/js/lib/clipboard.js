// Copy text to the clipboard, also on a page without HTTPS, where browsers have no Clipboard API.

// Copy the text that `source` returns, or promises. Rejects if the browser refuses.
export async function copy(source) {
  if (navigator.clipboard && window.ClipboardItem) {
    const blob = Promise.resolve(source()).then((text) => new Blob([text], { type: "text/plain" }));
    return navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
  }
  return copyBySelection(await source());
}

function copyBySelection(text) {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "sr-only";
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (!done) throw new Error("copy");
}

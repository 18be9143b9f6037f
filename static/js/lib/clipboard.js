// Copies text, also where the page is not a secure context (http on a local network).

// `source` is a function that gives the text or a promise of it. Rejects when nothing worked.
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

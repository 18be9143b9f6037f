// Copy text to the clipboard, also on a page without HTTPS, where browsers have no Clipboard API.

// Milliseconds for which a copy is confirmed.
export const SHOWN_FOR = 1_500;

// Copy the text that `source` returns, or promises. Rejects if the browser refuses.
export async function copy(source) {
  if (navigator.clipboard && window.ClipboardItem) {
    const blob = Promise.resolve(source()).then((text) => new Blob([text], { type: "text/plain" }));
    return navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
  }
  return copyBySelection(await source());
}

// Show a check mark and a word in a button for a moment, in place of what it shows.
export function confirmCopy(button, word) {
  if (button.classList.contains("is-done")) return;
  const use = button.querySelector("use");
  const icon = use.getAttribute("href");
  const text = button.querySelector("span") ?? button.appendChild(document.createElement("span"));
  const before = text.textContent;
  text.textContent = word;
  use.setAttribute("href", icon.replace(/#.*/, "#check"));
  button.classList.add("is-done");
  setTimeout(() => {
    if (before) text.textContent = before;
    else text.remove();
    use.setAttribute("href", icon);
    button.classList.remove("is-done");
  }, SHOWN_FOR);
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

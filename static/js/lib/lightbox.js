// Open images above the page. Without scripts, or with a modifier key, their links are plain
// links.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-view]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const figure = link.closest("figure");
  const dialog = figure.querySelector("template").content.firstElementChild.cloneNode(true);
  const image = dialog.querySelector("img");
  image.src = link.href;
  image.alt = dialog.ariaLabel = figure.querySelector("img").alt;
  // A click anywhere closes the dialog; Escape does so without a listener.
  dialog.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
});

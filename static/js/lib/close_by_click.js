// Close a dialog with closedby="any" by a click beside it, in browsers that do not do it themselves.
function isOutside({ clientX, clientY }, dialog) {
  const { top, right, bottom, left } = dialog.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}

if (!("closedBy" in HTMLDialogElement.prototype))
  document.addEventListener("click", (event) => {
    const { target } = event;
    // A click on the backdrop has the dialog itself as its target.
    if (target.matches?.("dialog[closedby=any]") && isOutside(event, target)) target.close();
  });

// The dialog that asks before an edited text is thrown away.
import { byId } from "lib/dom";

// Resolves to true if the text may be discarded.
export function confirmDiscard() {
  const dialog = byId("edit-discard");
  dialog.returnValue = "";
  return new Promise((resolve) => {
    dialog.onclose = () => resolve(dialog.returnValue === "discard");
    dialog.showModal();
  });
}

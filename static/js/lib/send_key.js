// Tell whether a key sends the message: Enter, or Ctrl Enter if the user chose that in the
// settings.
const needsCtrl = () => document.documentElement.dataset.sendWith === "ctrl-enter";

export function isSendKey(event, { alwaysWithCtrl = false } = {}) {
  if (event.key !== "Enter") return false;
  return alwaysWithCtrl || needsCtrl() ? event.ctrlKey || event.metaKey : !event.shiftKey;
}

// The Enter that sends: bare, or with Ctrl by preference, when a bare one begins a new line.
const needsCtrl = () => document.documentElement.dataset.sendWith === "ctrl-enter";

export function isSendKey(event, { alwaysWithCtrl = false } = {}) {
  if (event.key !== "Enter") return false;
  return alwaysWithCtrl || needsCtrl() ? event.ctrlKey || event.metaKey : !event.shiftKey;
}

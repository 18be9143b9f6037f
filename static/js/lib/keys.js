// Keys in three forms: as shortcuts.js writes them ("Control Shift O"), as events bring them, and
// as the page shows them.
const isMac = /^(Mac|iP)/.test(navigator.platform);
const CAPS = { Control: "Ctrl", Escape: "Esc", ArrowUp: "↑", ArrowDown: "↓" };
const MAC_CAPS = { ...CAPS, Control: "⌘", Shift: "⇧", Alt: "⌥", Enter: "↩" };
const SIGN = /^[^\p{L}\p{N}]$/u;

export { isMac };

export const capsOf = (keys) => keys.split(" ").map((key) => (isMac ? MAC_CAPS : CAPS)[key] ?? key);

// Whether keys have no Control or Alt, so that they would write in a text field or move in it.
export const isSingle = (keys) => !/\b(Control|Alt)\b/.test(keys);

export function isPressed(event, keys) {
  const parts = keys.split(" ");
  const key = parts.at(-1);
  const [command, other] = isMac ? [event.metaKey, event.ctrlKey] : [event.ctrlKey, event.metaKey];
  if (command !== parts.includes("Control") || event.altKey !== parts.includes("Alt") || other)
    return false;
  // A sign may need Shift, because keyboard layouts place it differently.
  if (event.shiftKey !== parts.includes("Shift") && !SIGN.test(key)) return false;
  return event.key.toUpperCase() === key.toUpperCase() || isSameKey(event, key);
}

// Whether a key without a Latin letter has the place of `key`, on a layout with other letters.
const isSameKey = (event, key) => !/^[\x20-\x7e]$/.test(event.key) && event.code === `Key${key}`;

// Replace Ctrl, Shift and Alt in the hints of the page by the signs of a Mac.
export function suitHints(root) {
  if (!isMac) return;
  const words = { Ctrl: "⌘", Shift: "⇧", Alt: "⌥" };
  for (const hint of root.querySelectorAll(".kbd"))
    hint.textContent = hint.textContent.replace(/Ctrl|Shift|Alt/g, (word) => words[word]);
}

// Keys as the table of shortcuts writes them ("Control Shift O"), as events bring them, as caps show them.
const isMac = /^(Mac|iP)/.test(navigator.platform);
const CAPS = { Control: "Ctrl", Escape: "Esc", ArrowUp: "↑", ArrowDown: "↓" };
const MAC_CAPS = { ...CAPS, Control: "⌘", Shift: "⇧", Alt: "⌥", Enter: "↩" };
const SIGN = /^[^\p{L}\p{N}]$/u;

export { isMac };

export const capsOf = (keys) => keys.split(" ").map((key) => (isMac ? MAC_CAPS : CAPS)[key] ?? key);

// Keys that a text field would write, or move in it by.
export const isSingle = (keys) => !/\b(Control|Alt)\b/.test(keys);

export function isPressed(event, keys) {
  const parts = keys.split(" ");
  const key = parts.at(-1);
  const [command, other] = isMac ? [event.metaKey, event.ctrlKey] : [event.ctrlKey, event.metaKey];
  if (command !== parts.includes("Control") || event.altKey !== parts.includes("Alt") || other)
    return false;
  // Where a sign lies is the layout's business: it may need Shift.
  if (event.shiftKey !== parts.includes("Shift") && !SIGN.test(key)) return false;
  return event.key.toUpperCase() === key.toUpperCase() || isSameKey(event, key);
}

// Where letters are not Latin ones, a key is known by its place.
const isSameKey = (event, key) => !/^[\x20-\x7e]$/.test(event.key) && event.code === `Key${key}`;

// Hints in the page say Ctrl; a Mac has other caps.
export function suitHints(root) {
  if (!isMac) return;
  const words = { Ctrl: "⌘", Shift: "⇧", Alt: "⌥" };
  for (const hint of root.querySelectorAll(".kbd"))
    hint.textContent = hint.textContent.replace(/Ctrl|Shift|Alt/g, (word) => words[word]);
}

// The turns of the shown thread, for the keys that move between them and act on one.
const USER_TURNS = "chat-stream article.turn--user[id]";
const LATEST = "chat-stream:not([data-past]) article[data-message-id]";

export const userTurns = () => [...document.querySelectorAll(USER_TURNS)];

// Return the id of the last message of the branch, or undefined on a page that shows an older part.
export const lastMessageId = () => [...document.querySelectorAll(LATEST)].at(-1)?.dataset.messageId;

// Return the turn that has the focus or contains it, or null.
export const focusedTurn = () => document.activeElement?.closest("chat-stream article") ?? null;

// Focus the user's turn before or after the focused turn, or before or after the top of the view.
export function toUserTurn(isBefore) {
  const target = isBefore ? userTurns().findLast(isEarlier()) : userTurns().find(isLater());
  target?.focus({ preventScroll: true });
  target?.scrollIntoView({ block: "start" });
}

const isEarlier = () =>
  place((turn, from) => turn.compareDocumentPosition(from) & Node.DOCUMENT_POSITION_FOLLOWING, -1);
const isLater = () =>
  place((turn, from) => turn.compareDocumentPosition(from) & Node.DOCUMENT_POSITION_PRECEDING, 1);

function place(isBeyond, direction) {
  const focused = focusedTurn();
  if (focused) return (turn) => isBeyond(turn, focused);
  const margin = 48;
  const top = document.getElementById("scroll").getBoundingClientRect().top;
  return (turn) => (turn.getBoundingClientRect().top - top - margin) * direction > 0;
}

// Run `change`, which may replace turns. If it replaces the turn with the focus, focus the same
// button of the turn in its place, or that turn.
export function keepingFocus(thread, change) {
  const focused = document.activeElement;
  const index = turnsOf(thread).indexOf(focused?.closest("article"));
  change();
  if (index < 0 || focused.isConnected || document.activeElement !== document.body) return;
  const turns = turnsOf(thread);
  const turn = turns[index] ?? turns.at(-1);
  const button = turn?.querySelector(`[data-act="${focused.dataset.act}"]`);
  (button ?? turn)?.focus({ preventScroll: true });
}

const turnsOf = (thread) => [...thread.querySelectorAll("article")];

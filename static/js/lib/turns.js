// The turns of the thread that is shown, for the keys that go from one to another or act on one.
const QUESTIONS = "chat-stream article.turn--user[id]";

export const questions = () => [...document.querySelectorAll(QUESTIONS)];

// The turn that has the focus, itself or in one of its buttons.
export const focusedTurn = () => document.activeElement?.closest("chat-stream article") ?? null;

// Focus the question before or after: the focused turn, or else what stands at the top.
export function toQuestion(isBefore) {
  const target = isBefore ? questions().findLast(isEarlier()) : questions().find(isLater());
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

// Runs `change`; a turn that had the focus and was replaced gives it to the turn in its place.
export function keepingFocus(thread, change) {
  const focused = document.activeElement;
  const index = turnsOf(thread).indexOf(focused?.closest("article"));
  change();
  if (index < 0 || focused.isConnected) return;
  const turns = turnsOf(thread);
  const turn = turns[index] ?? turns.at(-1);
  (turn?.querySelector(`[data-act="${focused.dataset.act}"]`) ?? turn)?.focus({
    preventScroll: true,
  });
}

const turnsOf = (thread) => [...thread.querySelectorAll("article")];

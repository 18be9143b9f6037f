// The question whether a tool may run: the focus that comes to it, and its keys (DESIGN § 4.6, § 7).
import { byId } from "lib/dom";
import { focusedTurn } from "lib/turns";

const WAITING = ".step--waiting";
// Whoever begins to write in this moment does not mean the question, which just took the focus.
const UNMEANT_MS = 700;
let takenAt = -Infinity;

// From an empty message field the focus goes to the question that has come.
export function takeFocus(article) {
  const field = byId("text");
  if (document.activeElement !== field || field.value) return;
  article?.querySelector(`${WAITING} summary`)?.focus({ preventScroll: true });
  takenAt = performance.now();
}

// The button of the question that has the focus, or stands in the turn that has it.
export function decision(value) {
  if (performance.now() - takenAt < UNMEANT_MS) return null;
  const step = document.activeElement?.closest(WAITING) ?? focusedTurn()?.querySelector(WAITING);
  return step?.querySelector(`[name="decision"][value="${value}"]`) ?? null;
}

// The calls of tools that wait for their person, for the keys that answer them.
import { byId } from "lib/dom";
import { focusedTurn } from "lib/turns";

const WAITING = ".step--waiting";
const QUIET = 1_000;
let quietUntil = 0;

// The call that a key is about: the one with the focus, the first of the turn that has it, or the
// only one in sight while nothing in particular has it.
export function questionAtHand() {
  if (performance.now() < quietUntil) return null;
  const turn = focusedTurn();
  if (turn) return document.activeElement.closest(WAITING) ?? turn.querySelector(WAITING);
  const isElsewhere = ![document.body, byId("scroll")].includes(document.activeElement);
  const seen = isElsewhere
    ? []
    : [...document.querySelectorAll(`chat-stream ${WAITING}`)].filter(isInSight);
  return seen.length === 1 ? seen[0] : null;
}

// Each call is answered once, however often a key is pressed until the page comes back.
export function answer(button) {
  if ("answered" in button.form.dataset) return;
  button.form.dataset.answered = "";
  button.click();
}

// A question that has just come gets the focus from a composer in which nothing is written.
export function focusQuestion(article) {
  const field = document.activeElement;
  const line = article.querySelector(`${WAITING} summary`);
  if (!line || field.id !== "text" || field.value) return;
  line.focus();
  quietUntil = performance.now() + QUIET;
}

function isInSight(step) {
  const { top, bottom } = step.querySelector(".step__actions").getBoundingClientRect();
  const area = byId("scroll").getBoundingClientRect();
  return top >= area.top && bottom <= area.bottom;
}

// Whoever was about to write when the focus went has not read the question: those keys are no answer.
addEventListener(
  "keydown",
  () => {
    const now = performance.now();
    if (now < quietUntil) quietUntil = now + QUIET;
  },
  { capture: true },
);

// The tool calls that wait for the user's approval, for the keys that allow and deny them.
import { byId } from "lib/dom";
import { focusedTurn } from "lib/turns";

const WAITING = ".step--waiting";
const QUIET = 1_000;
let quietUntil = 0;

// Return the call that a key is meant for: the one with the focus, else the first of the turn with
// the focus, else the only one in view while nothing in particular has the focus. Null if there is
// none.
export function callAtHand() {
  if (performance.now() < quietUntil) return null;
  const turn = focusedTurn();
  if (turn) return document.activeElement.closest(WAITING) ?? turn.querySelector(WAITING);
  const isElsewhere = ![document.body, byId("scroll")].includes(document.activeElement);
  if (isElsewhere) return null;
  const seen = [...document.querySelectorAll(`chat-stream ${WAITING}`)].filter(isInView);
  return seen.length === 1 ? seen[0] : null;
}

// Press a decision's button once, even if its key is pressed again before the page comes back.
export function decide(button) {
  if ("decided" in button.form.dataset) return;
  button.form.dataset.decided = "";
  button.click();
}

// Move the focus to a call that has just begun to wait, if the user was in an empty composer.
export function focusWaitingCall(article) {
  const field = document.activeElement;
  const line = article.querySelector(`${WAITING} summary`);
  if (!line || field.id !== "text" || field.value) return;
  line.focus();
  quietUntil = performance.now() + QUIET;
}

function isInView(step) {
  const { top, bottom } = step.querySelector(".step__actions").getBoundingClientRect();
  const area = byId("scroll").getBoundingClientRect();
  return top >= area.top && bottom <= area.bottom;
}

// Keys of somebody who was about to write decide nothing until they pause for QUIET milliseconds,
// because the call took the focus before it could be read.
addEventListener(
  "keydown",
  () => {
    const now = performance.now();
    if (now < quietUntil) quietUntil = now + QUIET;
  },
  { capture: true },
);

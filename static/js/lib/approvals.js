// The tool calls that wait for the user's approval: the keys that allow and deny them, the decision,
// and the way from one question to the next.
import { byId } from "lib/dom";
import { failureText, post } from "lib/http";
import { toast } from "lib/toast";
import { focusedTurn } from "lib/turns";

const WAITING = ".step--waiting";
const QUIET = 1_000;
let quietUntil = 0;

// Return the call that a key is meant for: the one that is marked in the turn with the focus, else
// in the only turn in view that has one, while nothing in particular has the focus. Null if there
// is none.
export function callAtHand() {
  if (performance.now() < quietUntil) return null;
  const turn = focusedTurn();
  if (turn) return currentIn(turn);
  const isElsewhere = ![document.body, byId("scroll")].includes(document.activeElement);
  if (isElsewhere) return null;
  const seen = [...document.querySelectorAll(`chat-stream ${WAITING}[aria-current]`)];
  const inView = seen.filter(isInView);
  return inView.length === 1 ? inView[0] : null;
}

const currentIn = (root) => root.querySelector(`${WAITING}[aria-current]`);

// Press a decision's button once, even if its key is pressed again before the page comes back.
export function decide(button) {
  if (!("decided" in button.form.dataset)) button.click();
}

// Move the focus to a call that has just begun to wait, if the user was in an empty composer.
export function focusWaitingCall(article) {
  const field = document.activeElement;
  const line = currentIn(article)?.querySelector("summary");
  if (!line || field.id !== "text" || field.value) return;
  line.focus();
  quietUntil = performance.now() + QUIET;
}

// Show under each argument whether the user has changed it.
export function showEdits(step) {
  for (const line of step.querySelectorAll(".ask__edited"))
    line.hidden = isOriginal(line.parentElement.querySelector(".input"));
}

const chosen = (field) =>
  [...(field.options ?? [])].find((one) => one.defaultSelected)?.value ?? "";
const original = (field) => (field.options ? chosen(field) : field.defaultValue);
const isOriginal = (field) => field.value === original(field);

// Mark a question as the one that the keys answer.
function mark(step) {
  for (const other of step.closest("article").querySelectorAll(WAITING))
    if (other !== step) other.removeAttribute("aria-current");
  step.setAttribute("aria-current", "true");
}

async function send(form, button) {
  if ("decided" in form.dataset) return;
  form.dataset.decided = "";
  const fields = new FormData(form);
  fields.set(button.name, button.value);
  const result = await post(form.action, fields).catch(() => null);
  if (result?.ok) {
    if (button.value === "always") tellAllowed(form.dataset.tool);
    return goOn(form.closest(WAITING));
  }
  delete form.dataset.decided;
  const { textFailed } = document.querySelector("turn-actions").dataset;
  if (result?.status !== 401) toast(failureText(result, { textFailed, textRefused: textFailed }));
}

const tellAllowed = (tool) =>
  document.dispatchEvent(new CustomEvent("tool-allowed", { detail: { tool } }));

// Go to the next question of the answer, or back to writing. On a device without a keyboard the
// field would open one over the answer.
function goOn(step) {
  if (!step.isConnected) return;
  const article = step.closest("article");
  const next = [...article.querySelectorAll(WAITING)].find((one) => one !== step);
  step.classList.replace("step--waiting", "step--allowed");
  step.removeAttribute("aria-current");
  step.open = false;
  if (next) {
    mark(next);
    next.open = true;
    next.querySelector("summary").focus();
  } else if (matchMedia("(pointer: coarse)").matches) article.focus({ preventScroll: true });
  else byId("text").focus({ preventScroll: true });
}

function isInView(step) {
  const { top, bottom } = step.querySelector(".ask__actions").getBoundingClientRect();
  const area = byId("scroll").getBoundingClientRect();
  return top >= area.top && bottom <= area.bottom;
}

const waitingAt = (target) => target.closest?.(`chat-stream ${WAITING}`);

document.addEventListener("submit", (event) => {
  const step = waitingAt(event.target);
  if (!step) return;
  event.preventDefault();
  send(event.target, event.submitter);
});
document.addEventListener("focusin", ({ target }) => {
  const step = waitingAt(target);
  if (step && !step.hasAttribute("aria-current")) mark(step);
});
document.addEventListener("input", ({ target }) => {
  const step = waitingAt(target);
  if (step) showEdits(step);
});
document.addEventListener("click", ({ target }) => {
  const field = target.closest("[data-restore]")?.closest(".ask__field").querySelector(".input");
  if (!field) return;
  field.value = original(field);
  showEdits(waitingAt(field));
  field.focus();
});

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

// The keyboard shortcuts of the page, in one table. This module listens for them, and
// <shortcut-sheet> and the palette list them.
import { callAtHand, decide } from "lib/approvals";
import { byId, hasOpenLayer, isTyping } from "lib/dom";
import { isMac, isPressed, isSingle, suitHints } from "lib/keys";
import { focusedTurn, toUserTurn } from "lib/turns";

const page = document.documentElement.dataset;
const sendsWithEnter = () => page.sendWith !== "ctrl-enter";
const press = (button) => button.click();
const inTurn = (selector) => () => focusedTurn()?.querySelector(selector);
const USER_TURN = "chat-stream article.turn--user";
const COPY = "copy-button button";
const act = (name) => `chat-stream [data-act="${name}"]`;
const decision = (value) => `.step--waiting [name="decision"][value="${value}"]`;
const atHand = (value) => () => callAtHand()?.querySelector(`[name="decision"][value="${value}"]`);
const inTurnAct = (name) => () =>
  focusedTurn()?.querySelector(`[data-act="${name}"]:not([aria-disabled])`);

// A shortcut exists on pages that have an element for its selector `place`. Its key calls `run`
// with that element, or with the one that `target` returns. An entry without `run` is only listed
// here, because an element listens for the key itself.
export const SHORTCUTS = [
  { name: "send", keys: () => (sendsWithEnter() ? "Enter" : "Control Enter"), place: "#text" },
  { name: "new-line", keys: () => (sendsWithEnter() ? "Shift Enter" : "Enter"), place: "#text" },
  { name: "stop", keys: "Escape", place: "[data-stop]" },
  {
    name: "palette",
    keys: "Control K",
    place: "command-palette",
    run: (palette) => palette.open(),
  },
  { name: "new-chat", keys: "Control Shift O", place: "[data-new-chat]", run: press },
  { name: "model", keys: "Control .", place: '[popovertarget="picker"]', run: press },
  {
    name: "sidebar",
    keys: "Control B",
    place: "sidebar-drawer:has([data-sidebar-toggle])",
    run: (bar) => bar.toggle(),
  },
  { name: "settings", keys: "Control ,", place: isMac ? "nothing" : "[data-settings]", run: press },
  { name: "rename", keys: "F2", place: "[data-conversation-title]" },
  { name: "write", keys: "/", place: "#text", run: (field) => field.focus() },
  { name: "previous-question", keys: "Alt ArrowUp", place: USER_TURN, run: () => toUserTurn(true) },
  { name: "next-question", keys: "Alt ArrowDown", place: USER_TURN, run: () => toUserTurn(false) },
  { name: "latest", keys: "End", place: "#jump", run: press },
  { name: "copy", keys: "C", place: `chat-stream ${COPY}`, target: inTurn(COPY), run: press },
  {
    name: "regenerate",
    keys: "R",
    place: act("regenerate"),
    target: inTurnAct("regenerate"),
    run: press,
  },
  { name: "edit", keys: "E", place: act("edit"), target: inTurnAct("edit"), run: press },
  { name: "edit-last", keys: "ArrowUp", place: `${USER_TURN} [data-act="edit"]` },
  {
    name: "version-before",
    keys: "[",
    place: act("version-before"),
    target: inTurnAct("version-before"),
    run: press,
  },
  {
    name: "version-after",
    keys: "]",
    place: act("version-after"),
    target: inTurnAct("version-after"),
    run: press,
  },
  {
    name: "allow",
    keys: "A",
    place: `chat-stream ${decision("allow")}`,
    target: atHand("allow"),
    run: decide,
  },
  {
    name: "deny",
    keys: "D",
    place: `chat-stream ${decision("deny")}`,
    target: atHand("deny"),
    run: decide,
  },
  { name: "sheet", keys: "?", place: "#shortcuts", run: (sheet) => sheet.showModal() },
];

export const keysOf = ({ keys }) => (typeof keys === "function" ? keys() : keys);
export const exists = ({ place }) => document.querySelector(place) !== null;
export const areOn = () => page.shortcuts !== "off";

function isMeant(shortcut, event) {
  const keys = keysOf(shortcut);
  if (!shortcut.run || !isPressed(event, keys)) return false;
  // On a Mac these keys move by paragraphs in a text field.
  if (isMac && keys.startsWith("Alt") && isTyping(event.target)) return false;
  return !isSingle(keys) || !(isTyping(event.target) || hasOpenLayer());
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.repeat || !areOn() || document.querySelector("dialog[open]"))
    return;
  const shortcut = SHORTCUTS.find((one) => isMeant(one, event));
  const target =
    shortcut &&
    (shortcut.target?.() ?? (shortcut.target ? null : document.querySelector(shortcut.place)));
  if (!target) return;
  event.preventDefault();
  shortcut.run(target);
});

suitHints(document);
document.addEventListener("page-changed", () => suitHints(byId("main")));

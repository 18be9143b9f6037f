// <turn-rail>: a tick for each question of the thread, in the margin; the one being read stands out.
import { announce } from "lib/announcer";
import { questions } from "lib/turns";

const MOST = 24;
const LABEL = 90;

class TurnRail extends HTMLElement {
  #turns = [];
  #seen = new Set();
  #isAtEnd = false;
  #ticks = new WeakMap();

  connectedCallback() {
    const scroller = document.getElementById("scroll");
    const thread = scroller.querySelector("chat-stream");
    this.list = this.querySelector("ol") ?? this.appendChild(document.createElement("ol"));
    // Reaches far up: whatever begins above the middle counts as seen, also after a leap.
    const rootMargin = "10000000px 0px -55% 0px";
    this.sight = new IntersectionObserver((entries) => this.#looked(entries), {
      root: scroller,
      rootMargin,
    });
    // As near as where the thread is followed: to the pixel the end lies now inside, now outside.
    this.end = new IntersectionObserver(
      ([{ isIntersecting }]) => {
        this.#isAtEnd = isIntersecting;
        this.#draw();
      },
      { root: scroller, rootMargin: "0px 0px 48px 0px" },
    );
    this.end.observe(document.getElementById("latest"));
    this.changes = new MutationObserver(() => this.#renew());
    this.changes.observe(thread, { childList: true });
    this.addEventListener("click", (event) => this.#go(event));
    this.#renew();
  }

  disconnectedCallback() {
    for (const observer of [this.sight, this.end, this.changes]) observer.disconnect();
  }

  #renew() {
    const turns = questions();
    if (turns.length === this.#turns.length && turns.every((turn, n) => turn === this.#turns[n]))
      return;
    this.sight.disconnect();
    this.#seen.clear();
    this.#turns = turns;
    for (const turn of turns) this.sight.observe(turn);
    this.#draw();
  }

  #looked(entries) {
    for (const { target, isIntersecting } of entries)
      this.#seen[isIntersecting ? "add" : "delete"](target);
    this.#draw();
  }

  // Of more than MOST, every nth is shown, and the current one.
  #draw() {
    const current =
      this.#turns.findLast((turn) => this.#isAtEnd || this.#seen.has(turn)) ?? this.#turns[0];
    const nth = Math.ceil(this.#turns.length / MOST);
    const shown = this.#turns
      .filter((turn, n) => n % nth === 0 || turn === current)
      .map((turn) => this.#tick(turn));
    this.hidden = this.#turns.length < 2;
    for (const item of shown) mark(item.firstElementChild, item === this.#ticks.get(current));
    if (
      shown.length === this.list.children.length &&
      shown.every((item, n) => item === this.list.children[n])
    )
      return;
    const focused = this.contains(document.activeElement) ? document.activeElement : null;
    this.list.replaceChildren(...shown);
    focused?.focus();
  }

  #tick(turn) {
    if (!this.#ticks.has(turn)) this.#ticks.set(turn, makeTick(turn));
    return this.#ticks.get(turn);
  }

  #go(event) {
    const link = event.target.closest("a");
    const turn = link && document.querySelector(link.hash);
    if (!turn) return;
    event.preventDefault();
    turn.focus({ preventScroll: true });
    turn.scrollIntoView({ block: "start" });
    announce(link.textContent);
  }
}

function makeTick(turn) {
  const item = document.createElement("li");
  const link = item.appendChild(document.createElement("a"));
  const label = link.appendChild(document.createElement("span"));
  link.href = `#${turn.id}`;
  label.textContent = turn.querySelector("[data-text]").textContent.trim().slice(0, LABEL);
  return item;
}

function mark(link, isCurrent) {
  if (isCurrent) link.setAttribute("aria-current", "true");
  else link.removeAttribute("aria-current");
}

customElements.define("turn-rail", TurnRail);

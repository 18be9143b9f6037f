// <turn-rail> shows a tick for each message of the user in the margin of the thread, and marks the
// one that is being read.
import { announce } from "lib/announcer";
import { RailTicks } from "lib/rail_ticks";
import { userTurns } from "lib/turns";

const MOST = 24;
// The area reaches far up, because each turn that begins above the middle counts as seen, also
// after a jump.
const ABOVE_THE_MIDDLE = "10000000px 0px -55% 0px";
// The distance within which ScrollManager follows the end. Without it the end would change from
// inside to outside and back by a pixel.
const NEAR_THE_END = "0px 0px 48px 0px";

class TurnRail extends HTMLElement {
  #turns = [];
  #seen = new Set();
  #isAtEnd = false;

  connectedCallback() {
    const root = document.getElementById("scroll");
    const list = this.querySelector("ol") ?? this.appendChild(document.createElement("ol"));
    this.ticks = new RailTicks(list);
    const seen = (entries) => this.#saw(entries);
    this.sight = new IntersectionObserver(seen, { root, rootMargin: ABOVE_THE_MIDDLE });
    const ended = ([entry]) => this.#sawEnd(entry);
    this.end = new IntersectionObserver(ended, { root, rootMargin: NEAR_THE_END });
    this.end.observe(document.getElementById("latest"));
    this.changes = new MutationObserver(() => this.#renew());
    this.changes.observe(root.querySelector("chat-stream"), { childList: true });
    this.addEventListener("click", (event) => this.#go(event));
    this.#renew();
  }

  disconnectedCallback() {
    for (const observer of [this.sight, this.end, this.changes]) observer.disconnect();
  }

  #renew() {
    const turns = userTurns();
    const before = this.#turns;
    if (turns.length === before.length && turns.every((turn, n) => turn === before[n])) return;
    this.sight.disconnect();
    this.#seen.clear();
    this.#turns = turns;
    for (const turn of turns) this.sight.observe(turn);
    this.#render();
  }

  #saw(entries) {
    for (const { target, isIntersecting } of entries)
      this.#seen[isIntersecting ? "add" : "delete"](target);
    this.#render();
  }

  #sawEnd({ isIntersecting }) {
    this.#isAtEnd = isIntersecting;
    this.#render();
  }

  // Show every nth tick if there are more than MOST turns, and always the current one.
  #render() {
    const turns = this.#turns;
    const current = turns.findLast((turn) => this.#isAtEnd || this.#seen.has(turn)) ?? turns[0];
    const nth = Math.ceil(turns.length / MOST);
    const shown = turns.filter((turn, n) => n % nth === 0 || turn === current);
    this.hidden = turns.length < 2;
    this.ticks.show(shown, current);
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

customElements.define("turn-rail", TurnRail);

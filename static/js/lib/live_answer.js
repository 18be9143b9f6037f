// An answer whose run is active: its article, the HTML of its blocks, and the number of its last
// frame.
import { fill, htmlOf } from "lib/dom";
import { APPLY, FrameOrder, GAP } from "lib/frame_order";
import { applyOps, setBlocks } from "lib/patches";
import { renewSteps } from "lib/tool_steps";
import { think, write } from "lib/trail";

const isReasoning = ([target]) => target === "r";
const isSteps = ([target]) => target === "s";
const isBlock = (op) => !isReasoning(op) && !isSteps(op);

export class LiveAnswer {
  #timer = 0;

  constructor(article) {
    this.article = article;
    this.body = article.querySelector("[data-blocks]");
    this.blocks = Array.from(this.body.children, htmlOf);
    this.order = new FrameOrder();
    // The browser may write HTML differently from the server, so patches need a snapshot first.
    this.isExact = this.blocks.length === 0;
    this.opening = article.querySelector("[data-opening]");
    this.line = article.querySelector("[data-opening-text]");
    this.words = this.line?.textContent;
  }

  // The number of the last frame, for the server. -1 asks for a snapshot.
  get sequence() {
    return this.isExact ? this.order.last : -1;
  }

  // Snapshot 0 is empty and is ignored, so that the text of an answer that is continued stays until
  // more of it arrives.
  snapshot({ s, blocks, reasoning, steps }) {
    if (s === 0 || !this.order.restart(s)) return;
    setBlocks(this.body, this.blocks, blocks);
    this.isExact = true;
    this.#showReasoning((area) => {
      area.textContent = reasoning;
    }, reasoning);
    this.#renew(steps);
    this.#reveal();
  }

  // Apply a patch. Returns false if frames were lost.
  patch({ s, ops }) {
    const verdict = this.isExact ? this.order.accept(s) : GAP;
    if (verdict !== APPLY) return verdict !== GAP;
    const words = ops.filter(isBlock);
    const thoughts = ops.filter(isReasoning);
    for (const [, , text] of thoughts) this.#showReasoning((area) => area.append(text), text);
    if (thoughts.length) this.#tell(think);
    applyOps(this.body, this.blocks, words);
    if (words.length) this.#tell(write);
    for (const [, count] of ops.filter(isSteps)) this.#renew(count);
    this.#reveal();
    return true;
  }

  // Show a text while the answer is empty.
  say(text) {
    clearTimeout(this.#timer);
    if (this.line) this.line.textContent = text;
  }

  // Show the status of the run. `seconds` is the time until the next attempt, if there is one.
  status(status, seconds) {
    this.article.dataset.status = status;
    if (seconds) this.#countDown(performance.now() + seconds * 1_000);
  }

  // `time` is the end, as performance.now() counts.
  #countDown(time) {
    if (!this.line) return;
    const seconds = Math.ceil((time - performance.now()) / 1_000);
    const { retrying, asking } = this.line.dataset;
    this.say(seconds > 0 ? fill(retrying, { n: seconds }) : asking);
    this.opening.hidden = false;
    if (seconds > 0) this.#timer = setTimeout(() => this.#countDown(time), 1_000);
  }

  // Whether the answer is an image, whose opening text tells already that it takes time.
  get isPatient() {
    return "patient" in (this.line?.dataset ?? {});
  }

  get isWaiting() {
    return this.order.last === 0;
  }

  #showReasoning(show, text) {
    if (!text) return;
    const area = this.article.querySelector("[data-reasoning-text]");
    if (area) show(area);
  }

  // Change the heading of the trail, and again if the trail is replaced by an older one.
  #tell(change) {
    this.change = change;
    change(this.article);
    if (change === write) document.dispatchEvent(new CustomEvent("answer-written"));
  }

  #renew(count) {
    this.change = null;
    renewSteps(this.article, count, () => {
      this.change?.(this.article);
      this.#reveal();
    });
  }

  #reveal() {
    this.say(this.words);
    // The trail says what happens before the first word.
    const trail = this.article.querySelector(".steps:not([hidden])");
    if (this.opening) this.opening.hidden = this.blocks.length > 0 || trail !== null;
  }
}

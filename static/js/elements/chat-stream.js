// <chat-stream>: the thread of one conversation, kept as the server has it (docs/protocol.md).
import { announce } from "lib/announcer";
import { fill } from "lib/dom";
import { live } from "lib/live";
import { LiveAnswers } from "lib/live_answers";
import { removePending, showPending } from "lib/outgoing";
import { pageSignal } from "lib/page_signal";
import { focusQuestion } from "lib/questions";
import { Reading } from "lib/reading";
import { Resync } from "lib/resync";
import { Thread } from "lib/thread";
import { endOf } from "lib/words";

const FRAMES = ["hello", "snapshot", "patch", "status", "final", "branch", "heartbeat"];
const SLOW_AFTER = 8_000;

class ChatStream extends HTMLElement {
  #answers = new LiveAnswers();
  #resync = new Resync();
  #thread;

  connectedCallback() {
    const until = { signal: pageSignal() };
    this.#thread = new Thread(this, () => this.#follow());
    this.reading = new Reading(this.dataset.readingUrl, "unread" in this.dataset);
    for (const name of FRAMES)
      live().addEventListener(name, ({ detail }) => this.#hear(detail), until);
    document.addEventListener("message-pending", ({ detail }) => this.#pend(detail.text), until);
    document.addEventListener("message-sent", ({ detail }) => this.#settle(detail), until);
    document.addEventListener("message-failed", () => this.#settle(null), until);
    document.addEventListener("thread-changed", ({ detail }) => this.#thread.take(detail), until);
    document.addEventListener("thread-held", () => this.#thread.hold(), until);
    document.addEventListener("thread-released", () => this.#thread.release(), until);
    addEventListener("pageshow", ({ persisted }) => persisted && this.#thread.refresh(), until);
    // Each greeting after the first says that frames were lost: also those of answers that ended.
    this.wasGreeted = live().isOpen;
    this.#follow();
  }

  // A frame of the conversation that was open before may still be on its way.
  #hear(frame) {
    if (frame.c === undefined || frame.c === this.dataset.conversation) this[frame.t](frame);
  }

  hello() {
    this.#subscribe();
    if (this.wasGreeted) this.#thread.refresh();
    this.wasGreeted = true;
  }

  snapshot(frame) {
    this.#resync.answered();
    // One that is not shown belongs to a branch that was left.
    this.#answers.get(frame.g)?.snapshot(frame);
  }

  patch(frame) {
    if (this.#answers.get(frame.g)?.patch(frame) === false) this.#resync.ask();
  }

  // A run that the page does not know, of a message that it does: the answer is continued.
  status({ m, g, status, retry_in: seconds }) {
    const answer = this.#answers.get(g);
    if (answer) answer.status(status, seconds);
    else if (g > (this.#thread.article(m)?.dataset.generation ?? g)) this.#thread.renew(m);
  }

  final({ m, status }) {
    this.#thread.renew(m, () => {
      this.reading.arrived();
      this.dispatchEvent(new CustomEvent("answer-ended", { bubbles: true }));
      // A failed answer speaks for itself: its card is an alert.
      if (status !== "failed") announce(endOf(this, status, this.#thread.article(m)));
      focusQuestion(this.#thread.article(m));
    });
  }

  branch({ revision }) {
    this.#thread.hear(revision);
  }

  heartbeat({ live: sequences }) {
    if (this.#answers.isBehind(sequences)) this.#resync.ask();
    // One that the server does not run any more: subscribing tells its end.
    if (Object.keys(this.#answers.sequences).some((g) => !(g in sequences))) this.#subscribe();
  }

  #pend(text) {
    this.#thread.hold();
    showPending(this, text);
  }

  #settle(answer) {
    removePending(this);
    if (answer) this.#thread.take(answer);
    this.#thread.release();
  }

  // Watch what is shown now; what arrives after the page was left belongs to nobody.
  #follow() {
    if (!this.isConnected) return;
    this.reading.asks(this.querySelector(".step--waiting") !== null);
    const { stopUrl } = this.#answers.adopt(this, (answer) => this.#began(answer));
    document.dispatchEvent(new CustomEvent("answering", { detail: { stopUrl } }));
    this.#subscribe();
  }

  #subscribe() {
    live().send({
      t: "subscribe",
      conversation: this.dataset.conversation,
      seq: this.#answers.sequences,
    });
  }

  #began(answer) {
    const { speaker: model } = answer.article.dataset;
    announce(fill(this.dataset.textReplying, { model }));
    if (answer.isPatient) return;
    setTimeout(
      () => answer.isWaiting && answer.say(fill(this.dataset.textSlow, { model })),
      SLOW_AFTER,
    );
  }
}

customElements.define("chat-stream", ChatStream);

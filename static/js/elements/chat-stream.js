// <chat-stream> shows the thread of one conversation and keeps it equal to the server's
// (docs/protocol.md).
import { announce } from "lib/announcer";
import { focusWaitingCall } from "lib/approvals";
import { fill } from "lib/dom";
import { LiveAnswers } from "lib/live_answers";
import { removePending, showPending } from "lib/outgoing";
import { pageSignal } from "lib/page_signal";
import { Reading } from "lib/reading";
import { Thread } from "lib/thread";
import { ThreadFrames } from "lib/thread_frames";
import { endOf } from "lib/words";

const SLOW_AFTER = 8_000;

class ChatStream extends HTMLElement {
  #answers = new LiveAnswers();
  #thread;
  #frames;

  connectedCallback() {
    const until = { signal: pageSignal() };
    this.#thread = new Thread(this, () => this.#follow());
    this.reading = new Reading(this.dataset.readingUrl, "unread" in this.dataset);
    const { conversation } = this.dataset;
    const ended = (message, status) => this.#ended(message, status);
    const shown = { conversation, thread: this.#thread, answers: this.#answers };
    this.#frames = new ThreadFrames(shown, ended, until);
    document.addEventListener("message-pending", ({ detail }) => this.#pend(detail.text), until);
    document.addEventListener("message-sent", ({ detail }) => this.#settle(detail), until);
    document.addEventListener("message-failed", () => this.#settle(null), until);
    document.addEventListener("thread-changed", ({ detail }) => this.#thread.take(detail), until);
    document.addEventListener("thread-held", () => this.#thread.hold(), until);
    document.addEventListener("thread-released", () => this.#thread.release(), until);
    addEventListener("pageshow", ({ persisted }) => persisted && this.#thread.refresh(), until);
    this.#follow();
  }

  #ended(message, status) {
    this.reading.arrived();
    this.dispatchEvent(new CustomEvent("answer-ended", { bubbles: true }));
    const article = this.#thread.article(message);
    // A failed answer is not announced here, because its card is an alert already.
    if (status !== "failed") announce(endOf(this, status, article));
    focusWaitingCall(article);
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

  // Follow the answers that are shown now. A fragment may arrive after the page was left.
  #follow() {
    if (!this.isConnected) return;
    this.reading.waits(this.querySelector(".step--waiting") !== null);
    const { stopUrl } = this.#answers.adopt(this, (answer) => this.#began(answer));
    document.dispatchEvent(new CustomEvent("answering", { detail: { stopUrl } }));
    this.#frames.subscribe();
  }

  #began(answer) {
    const { speaker: model } = answer.article.dataset;
    announce(fill(this.dataset.textReplying, { model }));
    if (answer.isPatient) return;
    const slow = () => answer.isWaiting && answer.say(fill(this.dataset.textSlow, { model }));
    setTimeout(slow, SLOW_AFTER);
  }
}

customElements.define("chat-stream", ChatStream);

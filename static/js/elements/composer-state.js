// <composer-state> says beside Stop that an answer is being written, with a count of its tokens, or
// that it waits for the user.
import { fill } from "lib/dom";
import { pageSignal } from "lib/page_signal";

// Estimated as the server does where the upstream tells no count.
const WIDE = /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]/g;

function tokensIn(text) {
  const wide = text.match(WIDE)?.length ?? 0;
  return wide + Math.ceil((text.length - wide) / 4);
}

class ComposerState extends HTMLElement {
  connectedCallback() {
    [this.writing, this.waiting] = this.children;
    const until = { signal: pageSignal() };
    document.addEventListener("answering", () => this.#show(), until);
    document.addEventListener("answer-written", () => this.#show(), until);
    this.waiting.addEventListener("click", (event) => this.#go(event));
    this.timer = setInterval(() => this.#show(), 1_000);
    this.#show();
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  get #question() {
    return document.querySelector("chat-stream .step--waiting[aria-current]");
  }

  #show() {
    const body = document.querySelector("chat-stream article[aria-busy] [data-blocks]");
    const n = body ? tokensIn(body.textContent) : 0;
    this.writing.hidden = n === 0;
    this.waiting.hidden = n > 0 || !this.#question;
    if (n) this.writing.textContent = fill(this.dataset.textReplying, { n });
  }

  #go(event) {
    event.preventDefault();
    const line = this.#question?.querySelector("summary");
    line?.focus({ preventScroll: true });
    line?.scrollIntoView({ block: "center" });
  }
}

customElements.define("composer-state", ComposerState);

// <sentence-reader>: puts each finished sentence of an answer on its way where it is spoken, once.
// It is there only for who asked for it; the text of the answer itself is never a live region.
import { completeSentences } from "lib/sentences";

const PAUSE = 400;
const KEPT = 20;

class SentenceReader extends HTMLElement {
  #spoken = new Map();
  #timer = 0;

  connectedCallback() {
    this.thread = document.querySelector("chat-stream");
    this.changes = new MutationObserver(() => (this.#timer ||= setTimeout(() => this.#read(), PAUSE)));
    this.changes.observe(this.thread, { childList: true, characterData: true, subtree: true });
    for (const article of this.#running()) this.#spoken.set(article, completeSentences(article).length);
  }

  disconnectedCallback() {
    this.changes.disconnect();
    clearTimeout(this.#timer);
  }

  #running() {
    return this.thread.querySelectorAll('article[aria-busy="true"]');
  }

  #read() {
    this.#timer = 0;
    for (const article of this.#running()) if (!this.#spoken.has(article)) this.#spoken.set(article, 0);
    for (const article of this.#spoken.keys()) this.#speak(article);
  }

  #speak(article) {
    const sentences = completeSentences(article);
    for (const sentence of sentences.slice(this.#spoken.get(article))) this.#say(sentence, article);
    if (article.ariaBusy === "true") this.#spoken.set(article, Math.max(sentences.length, this.#spoken.get(article)));
    else this.#spoken.delete(article);
  }

  #say(sentence, article) {
    const line = document.createElement("p");
    line.lang = article.querySelector("[data-blocks]").lang;
    line.textContent = sentence;
    this.append(line);
    while (this.children.length > KEPT) this.firstElementChild.remove();
  }
}

customElements.define("sentence-reader", SentenceReader);

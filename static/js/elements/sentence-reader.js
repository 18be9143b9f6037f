// <sentence-reader> reads an answer aloud while it arrives: it adds each finished sentence to a
// live region once. A page has it only if the user asked for it in the settings.
import { sentencesIn } from "lib/sentences";

const PAUSE = 400;
const KEPT = 20;
// The number of sentences that were read, by message. It outlives the element, because the page may
// be left and opened again.
const heard = new Map();
const isRunning = (article) => article.ariaBusy === "true";

class SentenceReader extends HTMLElement {
  #spoken = new Set();
  #timer = 0;

  connectedCallback() {
    this.thread = document.querySelector("chat-stream");
    this.changes = new MutationObserver(() => this.#readSoon());
    this.changes.observe(this.thread, { childList: true, characterData: true, subtree: true });
    const last = [...this.thread.querySelectorAll("article[data-role=assistant]")].at(-1);
    if (last && !(isSwappedIn() && isRunning(last))) note(last, sentencesIn(last));
    this.#readSoon();
  }

  disconnectedCallback() {
    this.changes.disconnect();
    clearTimeout(this.#timer);
  }

  #readSoon() {
    this.#timer ||= setTimeout(() => this.#read(), PAUSE);
  }

  #read() {
    this.#timer = 0;
    for (const article of this.thread.querySelectorAll("article[aria-busy=true]"))
      this.#spoken.add(article);
    for (const article of this.#spoken) this.#speak(article);
  }

  #speak(article) {
    const sentences = sentencesIn(article);
    const complete = isRunning(article) ? sentences.slice(0, -1) : sentences;
    for (const sentence of complete.slice(heard.get(article.dataset.messageId)))
      this.#say(sentence, article);
    note(article, sentences);
    if (!isRunning(article)) this.#spoken.delete(article);
  }

  #say(sentence, article) {
    const line = document.createElement("p");
    line.lang = article.querySelector("[data-blocks]").lang;
    line.textContent = sentence;
    this.append(line);
    while (this.children.length > KEPT) this.firstElementChild.remove();
  }
}

// Whether the page was swapped in by navigation.js. A screen reader reads a loaded page itself, but
// not one that was swapped in, and the answer may have arrived before the swap.
const isSwappedIn = () => document.documentElement.dataset.scripts === "ready";

// The last sentence does not count as read, because it may grow, also when the answer is continued.
function note({ dataset: { messageId } }, sentences) {
  heard.set(messageId, Math.max(heard.get(messageId) ?? 0, sentences.length - 1));
}

customElements.define("sentence-reader", SentenceReader);

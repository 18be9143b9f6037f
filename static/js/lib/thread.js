// Keep a thread equal to the server's: all of it, its end, or one message. The server counts the
// changes of the tree of messages as its revision; only a newer revision is shown.
import { isNews, reconcile, renew } from "lib/articles";
import { parse, withId } from "lib/dom";
import { Fragments } from "lib/fragments";
import { keepingFocus } from "lib/turns";

export class Thread {
  #element;
  #fragments = new Fragments();
  #changed;
  #revision;
  #heard;
  #isStale = false;
  #holders = 0;

  // `changed` is called after each change of the thread.
  constructor(element, changed) {
    this.#element = element;
    this.#changed = changed;
    this.#revision = this.#heard = Number(element.dataset.revision);
  }

  article(message) {
    return this.#element.querySelector(`#m-${CSS.escape(message)}`);
  }

  // Fetch one message that is shown; `then` is called if it was newer than what is shown.
  renew(message, then = () => {}) {
    if (!this.article(message)) return;
    this.#fragments.show(withId(this.#element.dataset.messageUrl, message), (fragment) => {
      const [old, fresh] = [this.article(message), fragment.querySelector("article")];
      if (!old?.isConnected || !fresh || !isNews(old, fresh)) return;
      renew(old, fresh);
      this.#changed();
      then();
    });
  }

  // Take note of the revision that the server has.
  hear(revision) {
    this.#heard = Math.max(this.#heard, revision);
    this.#catchUp();
  }

  // Fetch the shown branch whatever its revision, because frames were lost.
  refresh() {
    this.#isStale = true;
    this.#catchUp();
  }

  // Show the response to an action of this page. If other changes came between, fetch the branch
  // instead.
  take({ after, html, revision }) {
    const isNext = revision === this.#revision + 1 && (after === null || this.article(after));
    if (isNext && html !== null && !this.#isPast) this.#show(parse(html), revision);
    this.hear(revision);
  }

  // Let changes of others wait while the user edits or sends.
  hold() {
    this.#holders += 1;
  }

  release() {
    this.#holders -= 1;
    this.#catchUp();
  }

  // Whether the page shows an older part of the thread, by ?before=, which does not change.
  get #isPast() {
    return "past" in this.#element.dataset;
  }

  #catchUp() {
    const isBehind = this.#isStale || this.#heard > this.#revision;
    if (!isBehind || this.#holders > 0 || this.#isPast) return;
    this.#fragments.show(this.#element.dataset.threadUrl, ({ firstElementChild: branch }) => {
      const revision = Number(branch.dataset.revision);
      if (this.#holders === 0 && revision >= this.#revision) this.#show(branch, revision);
    });
  }

  #show(fragment, revision) {
    this.#revision = revision;
    keepingFocus(this.#element, () => {
      this.#isStale = !reconcile(this.#element, fragment);
    });
    this.#changed();
    this.#catchUp();
  }
}

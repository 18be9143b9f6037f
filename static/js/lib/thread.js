// What a thread shows, brought to what the server has: whole, from one message on, or one message.
// The server counts the changes of the tree; only what is newer than the shown count is shown.
import { isNews, reconcile, renew } from "lib/articles";
import { parse, withId } from "lib/dom";
import { keepingFocus } from "lib/turns";
import { Fragments } from "lib/fragments";

export class Thread {
  #element;
  #fragments = new Fragments();
  #changed;
  #revision;
  #heard;
  #isStale = false;
  #holders = 0;

  // `changed` is called after each change of what is shown.
  constructor(element, changed) {
    this.#element = element;
    this.#changed = changed;
    this.#revision = this.#heard = Number(element.dataset.revision);
  }

  article(message) {
    return this.#element.querySelector(`#m-${CSS.escape(message)}`);
  }

  // Fetch one message that is shown, and then, if there was news of it, call `then`.
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

  // The tree has changed so many times.
  hear(revision) {
    this.#heard = Math.max(this.#heard, revision);
    this.#catchUp();
  }

  // Fetch the shown branch, whatever the count: frames were lost.
  refresh() {
    this.#isStale = true;
    this.#catchUp();
  }

  // What our own act has made of the thread. One that others came between is fetched instead.
  take({ after, html, revision }) {
    const isNext = revision === this.#revision + 1 && (after === null || this.article(after));
    if (isNext && html !== null && !this.#isPast) this.#show(parse(html), revision);
    this.hear(revision);
  }

  // While somebody edits or sends, what others do waits.
  hold() {
    this.#holders += 1;
  }

  release() {
    this.#holders -= 1;
    this.#catchUp();
  }

  // A page that shows the past, by ?before=, stays there.
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
    keepingFocus(this.#element, () => (this.#isStale = !reconcile(this.#element, fragment)));
    this.#changed();
    this.#catchUp();
  }
}

// What a thread shows, brought to what the server has: whole, one message, or HTML that came along.
import { isNews, reconcile, renew } from "lib/articles";
import { parse, withId } from "lib/dom";
import { Fragments } from "lib/fragments";

export class Thread {
  #element;
  #fragments = new Fragments();
  #changed;

  // `changed` is called after each change of what is shown.
  constructor(element, changed) {
    this.#element = element;
    this.#changed = changed;
  }

  article(message) {
    return this.#element.querySelector(`#m-${CSS.escape(message)}`);
  }

  // The message that the shown branch ends with.
  get leaf() {
    return [...this.#element.querySelectorAll("article")].at(-1)?.dataset.messageId;
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

  // Fetch the shown branch. A page that shows the past, by ?before=, stays there.
  refresh() {
    if ("past" in this.#element.dataset) return;
    this.#fragments.show(this.#element.dataset.threadUrl, (fragment) => this.#reconcile(fragment));
  }

  // Show the HTML of the newest messages, if it came along with an answer of the server.
  take(html) {
    if (html && !("past" in this.#element.dataset)) this.#reconcile(parse(html));
    else this.refresh();
  }

  #reconcile(fragment) {
    reconcile(this.#element, fragment);
    this.#changed();
  }
}

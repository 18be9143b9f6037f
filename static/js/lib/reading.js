// Tells the server that the newest answer was seen, once somebody looks. The tab is marked until then,
// and for as long as a call of a tool waits for its person.
import { post } from "lib/http";
import { pageSignal } from "lib/page_signal";

const MARK = "● ";

export const plainTitle = () => document.title.replace(MARK, "");

export class Reading {
  #url;
  #isUnread;
  #isNews = false;
  #isAsking = false;

  constructor(url, isUnread) {
    this.#url = url;
    this.#isUnread = isUnread;
    document.addEventListener("visibilitychange", () => this.#look(), { signal: pageSignal() });
    this.#look();
  }

  // An answer has ended.
  arrived() {
    this.#isUnread = true;
    this.#isNews = document.hidden;
    this.#look();
    this.#mark();
  }

  // Whether a call waits now.
  asks(isAsking) {
    this.#isAsking = isAsking;
    this.#mark();
  }

  #mark() {
    document.title = (this.#isNews || this.#isAsking ? MARK : "") + plainTitle();
  }

  #look() {
    if (document.hidden) return;
    this.#isNews = false;
    this.#mark();
    if (!this.#isUnread) return;
    this.#isUnread = false;
    post(this.#url).catch(() => (this.#isUnread = true));
  }
}

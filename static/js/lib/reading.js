// Tell the server that the newest answer was read, once its tab is visible. The title of the tab
// has a mark until then, and while a tool call waits for approval.
import { post } from "lib/http";
import { pageSignal } from "lib/page_signal";

const MARK = "● ";

export const plainTitle = () => document.title.replace(MARK, "");

export class Reading {
  #url;
  #isUnread;
  #isNews = false;
  #isWaiting = false;

  constructor(url, isUnread) {
    this.#url = url;
    this.#isUnread = isUnread;
    document.addEventListener("visibilitychange", () => this.#look(), { signal: pageSignal() });
    this.#look();
  }

  // Call this when an answer has ended.
  arrived() {
    this.#isUnread = true;
    this.#isNews = document.hidden;
    this.#look();
    this.#mark();
  }

  // Call this with whether a tool call waits for approval.
  waits(isWaiting) {
    this.#isWaiting = isWaiting;
    this.#mark();
  }

  #mark() {
    document.title = (this.#isNews || this.#isWaiting ? MARK : "") + plainTitle();
  }

  #look() {
    if (document.hidden) return;
    this.#isNews = false;
    this.#mark();
    if (!this.#isUnread) return;
    this.#isUnread = false;
    post(this.#url).catch(() => {
      this.#isUnread = true;
    });
  }
}

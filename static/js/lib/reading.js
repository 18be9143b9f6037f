// Tells the server that the newest answer was seen, once somebody looks; marks the tab until then.
import { post } from "lib/http";
import { pageSignal } from "lib/page_signal";

const MARK = "● ";

export class Reading {
  #url;
  #isUnread;

  constructor(url, isUnread) {
    this.#url = url;
    this.#isUnread = isUnread;
    document.addEventListener("visibilitychange", () => this.#look(), { signal: pageSignal() });
    this.#look();
  }

  // An answer has ended.
  arrived() {
    this.#isUnread = true;
    if (document.hidden && !document.title.startsWith(MARK)) document.title = MARK + document.title;
    this.#look();
  }

  #look() {
    if (document.hidden) return;
    document.title = document.title.replace(MARK, "");
    if (!this.#isUnread) return;
    this.#isUnread = false;
    post(this.#url).catch(() => (this.#isUnread = true));
  }
}

// <chat-scroll> scrolls the thread: it opens at the end, follows the end while it grows, and offers
// a button that leads back to it.
import { byId } from "lib/dom";
import { showFound } from "lib/found";
import { pageSignal } from "lib/page_signal";
import { ScrollManager } from "lib/scroll_manager";

class ChatScroll extends HTMLElement {
  connectedCallback() {
    const pill = byId("jump");
    const label = pill.querySelector("span");
    const words = label.textContent;
    this.manager = new ScrollManager(this, this.firstElementChild, () => {
      pill.hidden = !this.manager?.isFar;
      if (pill.hidden) label.textContent = words;
    });
    pill.addEventListener("click", (event) => {
      event.preventDefault();
      this.manager.follow();
    });
    this.addEventListener("answer-ended", () => {
      label.textContent = pill.dataset.textNew;
    });
    const until = { signal: pageSignal() };
    document.addEventListener("message-pending", () => this.manager.follow(), until);
    document.addEventListener(
      "thread-changed",
      ({ detail }) => detail.stays && this.manager.stay(),
      until,
    );
    this.#keepWhileOlderLoad();
    const found = this.querySelector("[data-found]");
    if (found) showFound(found);
    else if (location.hash.startsWith("#m-")) this.manager.leave();
    else this.manager.follow();
  }

  #keepWhileOlderLoad() {
    let restore = () => {};
    this.addEventListener("htmx:beforeSwap", () => {
      restore = this.manager.keepOffset();
    });
    this.addEventListener("htmx:afterSwap", () => restore());
  }
}

customElements.define("chat-scroll", ChatScroll);

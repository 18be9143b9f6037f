// The one owner of the thread's scroll position: follows the end until the reader looks elsewhere.
import { pageSignal } from "lib/page_signal";

const NEAR = 48;
const FAR = 200;

export class ScrollManager {
  isFollowing = true;
  #scroller;
  #onChange;
  #lastTop = 0;

  constructor(scroller, content, onChange) {
    this.#scroller = scroller;
    this.#onChange = onChange;
    new ResizeObserver(() => this.#grown()).observe(content);
    new ResizeObserver(() => this.#grown()).observe(scroller);
    scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    scroller.addEventListener("wheel", ({ deltaY }) => deltaY < 0 && this.leave(), {
      passive: true,
    });
    content.addEventListener("focusin", ({ target }) => this.#focused(target, content));
    document.addEventListener("selectionchange", () => this.#selected(content), {
      signal: pageSignal(),
    });
  }

  get distance() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight;
  }

  get isFar() {
    return !this.isFollowing && this.distance > FAR;
  }

  follow() {
    this.isFollowing = true;
    this.#toEnd();
    this.#onChange();
  }

  leave() {
    if (this.distance <= 0) return;
    this.isFollowing = false;
    this.#onChange();
  }

  // What is read stays where it is, also at the end, while something is replaced below it.
  stay() {
    this.isFollowing = false;
  }

  // Runs `change`, which adds above what is read, without moving it.
  keep() {
    const rest = this.#scroller.scrollHeight - this.#scroller.scrollTop;
    return () => (this.#scroller.scrollTop = this.#scroller.scrollHeight - rest);
  }

  // In the frame that made it grow, never smoothly: the text stands still under the eye.
  #grown() {
    if (this.isFollowing) this.#toEnd();
    this.#onChange();
  }

  #toEnd() {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#lastTop = this.#scroller.scrollTop;
  }

  #scrolled() {
    const { scrollTop } = this.#scroller;
    if (scrollTop < this.#lastTop && this.distance > 1) this.isFollowing = false;
    else if (this.distance <= NEAR) this.isFollowing = true;
    this.#lastTop = scrollTop;
    this.#onChange();
  }

  #focused(target, content) {
    const article = target.closest("article");
    if (article && article !== [...content.querySelectorAll("article")].at(-1)) this.leave();
  }

  #selected(content) {
    const selection = getSelection();
    if (!selection.isCollapsed && content.contains(selection.anchorNode)) this.leave();
  }
}

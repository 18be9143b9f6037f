// Set the scroll position of the thread: it follows the end until the user scrolls, focuses or
// selects something above it. Nothing else may set that position.
import { pageSignal } from "lib/page_signal";
import { ScrollingHand } from "lib/scrolling_hand";

const NEAR = 48;
const FAR = 200;
// WebKit has no scroll anchoring, and moves the position up by itself while the content of an answer
// is replaced. Elsewhere each move up is somebody's: a search in the page has no wheel and no key.
const MOVES_BY_ITSELF = !CSS.supports("overflow-anchor", "auto");

export class ScrollManager {
  isFollowing = true;
  #scroller;
  #onChange;
  #lastTop = 0;
  #hand;

  constructor(scroller, content, onChange) {
    this.#scroller = scroller;
    this.#onChange = onChange;
    this.#hand = new ScrollingHand(scroller, pageSignal());
    new ResizeObserver(() => this.#grown()).observe(content);
    new ResizeObserver(() => this.#grown()).observe(scroller);
    scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    scroller.addEventListener("wheel", ({ deltaY }) => deltaY < 0 && this.leave(), {
      passive: true,
    });
    content.addEventListener("focusin", ({ target }) => this.#focused(target, content));
    // A link to a message leads away from the end, also while an answer grows.
    document.addEventListener(
      "click",
      ({ target }) => target.closest?.('a[href^="#m-"]') && this.stay(),
      { signal: pageSignal() },
    );
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

  get #isGrowing() {
    return this.#scroller.querySelector("article[aria-busy=true]") !== null;
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

  // Stop following, also at the end, so that the place stays while something below it is replaced.
  stay() {
    this.isFollowing = false;
  }

  // Return a function that restores the distance from the end, for content that is added above.
  keepOffset() {
    const rest = this.#scroller.scrollHeight - this.#scroller.scrollTop;
    return () => {
      this.#scroller.scrollTop = this.#scroller.scrollHeight - rest;
    };
  }

  // Follow in the frame that made the content grow and not smoothly, because moving text cannot be
  // read.
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
    if (scrollTop < this.#lastTop && this.distance > 1) {
      if (MOVES_BY_ITSELF && this.isFollowing && this.#isGrowing && !this.#hand.isAtWork)
        return this.#toEnd();
      this.isFollowing = false;
    } else if (this.distance <= NEAR) this.isFollowing = true;
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

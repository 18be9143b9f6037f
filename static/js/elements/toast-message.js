// <toast-message> removes itself after six seconds, but not while it has the pointer or the focus.
const SHOWN_FOR = 6_000;

class ToastMessage extends HTMLElement {
  #timer = 0;

  connectedCallback() {
    for (const name of ["pointerenter", "focusin"])
      this.addEventListener(name, () => clearTimeout(this.#timer));
    for (const name of ["pointerleave", "focusout"])
      this.addEventListener(name, () => this.#start());
    this.#start();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }

  #start() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.remove(), SHOWN_FOR);
  }
}

customElements.define("toast-message", ToastMessage);

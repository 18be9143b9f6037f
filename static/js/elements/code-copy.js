// <code-copy> holds the buttons in the bar of a code block: one wraps long lines, one copies the
// code.
import { announce } from "lib/announcer";
import { confirmCopy, copy } from "lib/clipboard";
import { byId } from "lib/dom";

class CodeCopy extends HTMLElement {
  connectedCallback() {
    if (this.firstElementChild) return;
    this.append(byId("code-copy-template").content.cloneNode(true));
    const [wrap, copying] = this.querySelectorAll("button");
    wrap.addEventListener("click", () => this.#wrap(wrap));
    copying.addEventListener("click", () => this.#copy(copying));
  }

  #wrap(button) {
    button.ariaPressed = String(this.closest("figure").classList.toggle("code--wrap"));
  }

  async #copy(button) {
    await copy(() => this.closest("figure").querySelector("pre").textContent);
    announce(button.dataset.copied);
    confirmCopy(button, button.dataset.copied);
  }
}

customElements.define("code-copy", CodeCopy);

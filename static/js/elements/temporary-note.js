// <temporary-note> tells that a temporary chat is not stored, and that it has ended if that happens
// while the page is open.
import { live } from "lib/live";
import { pageSignal } from "lib/page_signal";

class TemporaryNote extends HTMLElement {
  connectedCallback() {
    const over = ({ detail }) => detail.code === "not_found" && this.#end();
    live().addEventListener("error", over, { signal: pageSignal() });
  }

  #end() {
    const [lasts, over] = this.children;
    lasts.hidden = true;
    over.hidden = false;
  }
}

customElements.define("temporary-note", TemporaryNote);

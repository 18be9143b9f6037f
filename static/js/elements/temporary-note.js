// <temporary-note>: says that the chat is not kept, and when it is over while its page is still open.
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

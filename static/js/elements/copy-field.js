// <copy-field>: a button that copies what stands in the field beside it.
import { announce } from "lib/announcer";
import { copy } from "lib/clipboard";

class CopyField extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    button.addEventListener("click", () => this.#copy(button));
  }

  async #copy(button) {
    const field = this.querySelector("input, textarea");
    await copy(async () => field.value);
    // Beside an icon, or before words for screen readers, the label has an element of its own.
    (button.querySelector("span") ?? button).textContent = button.dataset.copied;
    announce(button.dataset.copied);
  }
}

customElements.define("copy-field", CopyField);

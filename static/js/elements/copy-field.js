// <copy-field> is a field with a button that copies its value.
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
    // A label beside an icon, or before text for screen readers, has an element of its own.
    (button.querySelector("span") ?? button).textContent = button.dataset.copied;
    announce(button.dataset.copied);
  }
}

customElements.define("copy-field", CopyField);

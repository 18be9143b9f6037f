// <copy-button> copies a message as Markdown, or with Shift as plain text.
import { announce } from "lib/announcer";
import { confirmCopy, copy, SHOWN_FOR } from "lib/clipboard";

class CopyButton extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("button");
    this.words = this.button.title;
    this.button.addEventListener("click", ({ shiftKey }) => this.#copy(shiftKey));
  }

  async #copy(asPlainText) {
    await copy(() => this.#text(asPlainText));
    const { copied } = this.button.dataset;
    announce(copied);
    this.button.title = copied;
    confirmCopy(this.button, copied);
    setTimeout(() => {
      this.button.title = this.words;
    }, SHOWN_FOR);
  }

  async #text(asPlainText) {
    const body = this.closest(".turn__body");
    const said = body.querySelector("[data-text]");
    if (said) return said.textContent;
    // biome-ignore lint/performance/useDomNodeTextContent: its line breaks are those of the page.
    if (asPlainText) return body.querySelector("[data-blocks]").innerText;
    return (await fetch(this.dataset.url)).text();
  }
}

customElements.define("copy-button", CopyButton);

// <retry-button> counts down the pause that an upstream asks for. It is released at once if another
// model is chosen, because the pause is meant for the model that failed.
import { fill } from "lib/dom";

const MINUTE = 60;
const HOUR = 3_600;

class RetryButton extends HTMLElement {
  #timer = 0;
  #otherModel = () => this.#release();

  connectedCallback() {
    this.button = this.querySelector("button");
    if (!this.dataset.at) return;
    this.label = this.button.querySelector("span");
    this.words ??= this.label.textContent;
    document.addEventListener("model-chosen", this.#otherModel);
    this.#tick();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    document.removeEventListener("model-chosen", this.#otherModel);
  }

  #tick() {
    const seconds = Math.ceil((new Date(this.dataset.at) - Date.now()) / 1_000);
    if (seconds <= 0) return this.#release();
    this.button.disabled = true;
    this.label.textContent = this.#countdown(seconds);
    this.#timer = setTimeout(() => this.#tick(), 1_000);
  }

  #countdown(seconds) {
    if (seconds > 2 * HOUR) return fill(this.dataset.hours, { n: Math.ceil(seconds / HOUR) });
    if (seconds > 2 * MINUTE) return fill(this.dataset.minutes, { n: Math.ceil(seconds / MINUTE) });
    return fill(this.dataset.seconds, { n: seconds });
  }

  #release() {
    clearTimeout(this.#timer);
    this.button.disabled = false;
    this.label.textContent = this.words;
  }
}

customElements.define("retry-button", RetryButton);

// <retry-button>: asks for another answer, or for the rest of one, in place. Counts down while the
// upstream wants a pause; another model need not wait for that.
import { fill } from "lib/dom";
import { post } from "lib/http";
import { toast } from "lib/toast";

const MINUTE = 60;
const HOUR = 3_600;

class RetryButton extends HTMLElement {
  #timer = 0;
  #isAsking = false;
  #otherModel = () => this.#release();

  connectedCallback() {
    this.button = this.querySelector("button");
    this.onsubmit = (event) => this.#ask(event);
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

  async #ask(event) {
    event.preventDefault();
    if (this.#isAsking) return;
    this.#isAsking = true;
    const result = await post(event.target.action).catch(() => null);
    this.#isAsking = false;
    if (result?.ok) this.#asked(result.data);
    else if (result?.status !== 401) toast(result?.data?.error?.message ?? this.dataset.textFailed);
  }

  #asked({ html }) {
    this.dispatchEvent(new CustomEvent("branch-changed", { bubbles: true, detail: { html } }));
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

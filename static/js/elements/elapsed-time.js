// <elapsed-time> counts minutes and seconds, from the time that had passed when the page was
// rendered; with a text that has a place for them, it counts seconds.
import { fill } from "lib/dom";

class ElapsedTime extends HTMLElement {
  connectedCallback() {
    this.start ??= Date.now() - Number(this.dataset.seconds) * 1_000;
    this.#tick();
    this.timer = setInterval(() => this.#tick(), 1_000);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  get seconds() {
    return Math.floor((Date.now() - this.start) / 1_000);
  }

  #tick() {
    const { seconds } = this;
    const { text } = this.dataset;
    if (text) this.textContent = fill(text, { n: Math.max(seconds, 1) });
    else this.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }
}

customElements.define("elapsed-time", ElapsedTime);

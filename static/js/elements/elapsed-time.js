// <elapsed-time> counts minutes and seconds, from the time that had passed when the page was
// rendered.
class ElapsedTime extends HTMLElement {
  connectedCallback() {
    this.start ??= Date.now() - Number(this.dataset.seconds) * 1_000;
    this.#tick();
    this.timer = setInterval(() => this.#tick(), 1_000);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  #tick() {
    const seconds = Math.floor((Date.now() - this.start) / 1_000);
    this.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }
}

customElements.define("elapsed-time", ElapsedTime);

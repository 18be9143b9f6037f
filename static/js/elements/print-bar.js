// <print-bar>: opens the browser's print dialog once the whole page is there, and again when asked.
class PrintBar extends HTMLElement {
  connectedCallback() {
    this.querySelector("button").addEventListener("click", () => print());
    addEventListener("load", () => print(), { once: true });
  }
}

customElements.define("print-bar", PrintBar);

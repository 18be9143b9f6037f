// <print-bar> opens the browser's print dialog when the page is loaded, and again on request.
class PrintBar extends HTMLElement {
  connectedCallback() {
    this.querySelector("button").addEventListener("click", () => print());
    addEventListener("load", () => print(), { once: true });
  }
}

customElements.define("print-bar", PrintBar);

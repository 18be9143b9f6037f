// <connection-state> shows in the top bar that the socket is not connected.
import { live } from "lib/live";
import { pageSignal } from "lib/page_signal";

class ConnectionState extends HTMLElement {
  #state = "open";

  connectedCallback() {
    const until = { signal: pageSignal() };
    live().addEventListener("state", ({ detail }) => this.#show(detail), until);
    addEventListener("online", () => this.#show(this.#state), until);
    addEventListener("offline", () => this.#show(this.#state), until);
    this.#show(this.#state);
  }

  #show(state) {
    this.#state = state;
    const shown = navigator.onLine ? state : "offline";
    for (const line of this.children) line.hidden = line.dataset.state !== shown;
    document.documentElement.dataset.connection = shown;
  }
}

customElements.define("connection-state", ConnectionState);

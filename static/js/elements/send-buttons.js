// <send-buttons>: Send, or Stop while an answer is on its way; Escape stops too.
import { Composing } from "lib/composing";
import { hasOpenLayer } from "lib/dom";
import { post } from "lib/http";
import { pageSignal } from "lib/page_signal";

class SendButtons extends HTMLElement {
  stopUrl = "";
  #composing = new Composing(document);

  connectedCallback() {
    [this.send, this.stop] = this.querySelectorAll("button");
    // The page may come with an answer on its way: its Stop works before the first frame.
    this.stopUrl = this.stop.getAttribute("formaction") ?? "";
    const until = { signal: pageSignal() };
    document.addEventListener("answering", ({ detail }) => this.#show(detail.stopUrl), until);
    document.addEventListener("keydown", (event) => this.#key(event), until);
    this.addEventListener("click", (event) => this.#click(event));
    for (const name of ["online", "offline"]) addEventListener(name, () => this.#label(), until);
    this.#label();
  }

  #show(stopUrl) {
    const hadFocus = this.contains(document.activeElement);
    this.stopUrl = stopUrl;
    this.send.hidden = Boolean(stopUrl);
    this.stop.hidden = !stopUrl;
    if (hadFocus) this.closest("form").elements.text.focus();
  }

  // Escape in an input method, a menu or a dialog has work of its own.
  #key(event) {
    if (event.key !== "Escape" || !this.stopUrl || hasOpenLayer()) return;
    if (!this.#composing.owns(event)) this.#stop();
  }

  #click(event) {
    if (event.target.closest("button") !== this.stop) return;
    event.preventDefault();
    this.#stop();
  }

  async #stop() {
    this.stop.setAttribute("aria-disabled", "true");
    const result = await post(this.stopUrl).catch(() => null);
    this.stop.removeAttribute("aria-disabled");
    if (!result?.ok) this.dispatchEvent(new CustomEvent("stop-failed", { bubbles: true }));
  }

  #label() {
    const label = navigator.onLine ? this.dataset.textSend : this.dataset.textSendOnline;
    this.send.ariaLabel = this.send.title = label;
  }
}

customElements.define("send-buttons", SendButtons);

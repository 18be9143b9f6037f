// <send-buttons> shows Send, or Stop while a run is active. Escape stops the run too.
import { Composing } from "lib/composing";
import { byId, hasOpenLayer } from "lib/dom";
import { post } from "lib/http";
import { pageSignal } from "lib/page_signal";

class SendButtons extends HTMLElement {
  stopUrl = "";
  #composing = new Composing(document);

  connectedCallback() {
    [this.send, this.stop] = this.querySelectorAll("button");
    // The page may come with an active run, which can be stopped before the first frame arrives.
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
    if (hadFocus) this.#focusBeside();
  }

  // A touch screen would open its keyboard over the answer for a focused field.
  #focusBeside() {
    const isFine = matchMedia("(pointer: fine)").matches;
    (isFine ? this.closest("form").elements.text : byId("scroll")).focus({ preventScroll: true });
  }

  // Leave Escape to an input method, a menu or a dialog that is open.
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

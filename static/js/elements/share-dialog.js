// <share-dialog> shows the page that makes links to a conversation, in a dialog over it.
import { announce } from "lib/announcer";
import { getHtml, post } from "lib/http";
import { pageSignal } from "lib/page_signal";
import { toast } from "lib/toast";

class ShareDialog extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.body = this.querySelector("[data-body]");
    document.addEventListener("click", (event) => this.#clicked(event), { signal: pageSignal() });
    this.body.addEventListener("submit", (event) => this.#submitted(event));
  }

  async #clicked(event) {
    const link = event.target instanceof Element && event.target.closest("[data-share]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    link.closest(":popover-open")?.hidePopover();
    if (await this.#load()) this.dialog.showModal();
  }

  async #submitted(event) {
    event.preventDefault();
    const { target: form, submitter } = event;
    submitter.disabled = true;
    const result = await post(form.action, new FormData(form)).catch(() => null);
    submitter.disabled = false;
    if (!result?.ok) return this.#refused(form, result?.data?.error?.message);
    const isNew = form.querySelector("[name=share-message]") !== null;
    if (!(await this.#load())) return;
    this.body.querySelector(isNew ? "copy-field button" : "select, input")?.focus();
    announce(isNew ? this.dataset.textMade : this.dataset.textRevoked);
  }

  // Resolves to true if the content was loaded, and to false after a failure, which is told.
  async #load() {
    const html = await getHtml(this.dataset.url).catch(() => null);
    if (html === null) toast(this.dataset.textFailed);
    else this.body.innerHTML = html;
    return html !== null;
  }

  #refused(form, words = this.dataset.textFailed) {
    const place = form.querySelector("[data-error]") ?? this.body.querySelector("[data-error]");
    if (!place) return toast(words);
    place.hidden = false;
    place.textContent = words;
  }
}

customElements.define("share-dialog", ShareDialog);

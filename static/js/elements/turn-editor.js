// <turn-editor>: other words for a turn. While it is open the thread stands still; what is typed is
// kept in this browser until it is sent or discarded.
import { Composing } from "lib/composing";
import { byId } from "lib/dom";
import { load, save } from "lib/drafts";
import { fitText } from "lib/fit_text";
import { post } from "lib/http";
import { isSendKey } from "lib/send_key";
import { uuid7 } from "lib/uuid7";

class TurnEditor extends HTMLElement {
  #id = null;
  #isSending = false;

  connectedCallback() {
    this.form = this.querySelector("form");
    this.field = this.form.elements.text;
    this.composing = new Composing(this.field);
    this.field.addEventListener("input", () => this.#changed());
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.form.addEventListener("submit", (event) => this.#submit(event));
    this.querySelector("[data-cancel]").addEventListener("click", () => this.#cancel());
    this.turn = this.closest(".turn");
    this.turn.classList.add("is-editing");
    document.dispatchEvent(new Event("thread-held"));
  }

  disconnectedCallback() {
    this.turn.classList.remove("is-editing");
    document.dispatchEvent(new Event("thread-released"));
  }

  // `turn`: the dataset of the article; `url` takes the new text in place of `text`, which was said.
  begin({ messageId, role }, url, text) {
    Object.assign(this, { url, text, isAnswer: role === "assistant" });
    this.draft = `${document.querySelector("message-field").dataset.draft}:${messageId}`;
    for (const part of this.querySelectorAll("[data-for]")) part.hidden = part.dataset.for !== role;
    this.field.value = load(this.draft) || text;
    this.focus();
  }

  focus() {
    fitText(this.field);
    this.field.focus();
    this.field.setSelectionRange(this.field.value.length, this.field.value.length);
  }

  #changed() {
    this.#id = null;
    save(this.draft, this.field.value === this.text ? "" : this.field.value);
    fitText(this.field);
  }

  // Escape stops an answer that is on its way first (DESIGN § 7).
  #key(event) {
    if (this.composing.owns(event)) return;
    const isEscape = event.key === "Escape" && !document.querySelector("send-buttons").stopUrl;
    const isSend = isSendKey(event, { alwaysWithCtrl: this.isAnswer });
    if (isEscape || isSend) event.preventDefault();
    if (isEscape) this.#cancel();
    else if (isSend) this.form.requestSubmit();
  }

  #cancel() {
    if (this.field.value === this.text) return this.#close();
    const dialog = byId("edit-discard");
    dialog.returnValue = "";
    dialog.onclose = () => (dialog.returnValue === "discard" ? this.#close() : this.field.focus());
    dialog.showModal();
  }

  async #submit(event) {
    event.preventDefault();
    if (this.#isSending || !this.field.value.trim()) return;
    if (this.isAnswer && this.field.value === this.text) return this.#close();
    const fields = new FormData(this.form);
    fields.set("id", (this.#id ??= uuid7()));
    this.#isSending = true;
    const result = await post(this.url, fields).catch(() => null);
    this.#isSending = false;
    if (result?.ok) this.#sent(result.data);
    else this.#failed(result);
  }

  #sent(thread) {
    this.#close();
    document.dispatchEvent(
      new CustomEvent("thread-changed", { detail: { ...thread, stays: this.isAnswer } }),
    );
  }

  #failed(result) {
    const error = result?.data?.error;
    if (error?.code === "id_taken") this.#id = null;
    const { textRefused, textFailed } = this.form.dataset;
    this.querySelector("[role=status]").textContent =
      error?.message ?? (result ? textRefused : textFailed);
  }

  #close() {
    const turn = this.closest("article");
    save(this.draft, "");
    this.remove();
    turn?.focus({ preventScroll: true });
  }
}

customElements.define("turn-editor", TurnEditor);

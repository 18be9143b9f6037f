// <turn-editor> edits the text of a turn. While it is open the thread does not change; the edited
// text is saved in this browser until it is sent or discarded.
import { Composing } from "lib/composing";
import { confirmDiscard } from "lib/discard_dialog";
import { load, save } from "lib/drafts";
import { fitText } from "lib/fit_text";
import { failureText, post } from "lib/http";
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

  // Begin with the dataset of the turn's article, the URL for the new text, and the present text.
  begin({ messageId, role }, url, text) {
    Object.assign(this, { url, text, isAnswer: role === "assistant" });
    this.draft = `${document.querySelector("message-field").dataset.draft}:${messageId}`;
    for (const part of this.querySelectorAll("[data-for]")) part.hidden = part.dataset.for !== role;
    this.field.value = load(this.draft) || text;
    this.focus();
  }

  focus() {
    const { field } = this;
    fitText(field);
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  }

  #changed() {
    this.#id = null;
    save(this.draft, this.field.value === this.text ? "" : this.field.value);
    fitText(this.field);
  }

  // Escape cancels only when no answer is running, because it stops a running one first.
  #key(event) {
    if (this.composing.owns(event)) return;
    const isEscape = event.key === "Escape" && !document.querySelector("send-buttons").stopUrl;
    const isSend = isSendKey(event, { alwaysWithCtrl: this.isAnswer });
    if (isEscape || isSend) event.preventDefault();
    if (isEscape) this.#cancel();
    else if (isSend) this.form.requestSubmit();
  }

  async #cancel() {
    if (this.field.value === this.text || (await confirmDiscard())) this.#close();
    else this.field.focus();
  }

  async #submit(event) {
    event.preventDefault();
    if (this.#isSending || !this.field.value.trim()) return;
    if (this.isAnswer && this.field.value === this.text) return this.#close();
    this.#id ??= uuid7();
    const fields = new FormData(this.form);
    fields.set("id", this.#id);
    this.#isSending = true;
    const result = await post(this.url, fields).catch(() => null);
    this.#isSending = false;
    if (!result?.ok) return this.#failed(result);
    this.#close();
    const detail = { ...result.data, stays: this.isAnswer };
    return document.dispatchEvent(new CustomEvent("thread-changed", { detail }));
  }

  #failed(result) {
    if (result?.data?.error?.code === "id_taken") this.#id = null;
    const text = failureText(result, this.form.dataset);
    this.querySelector("[role=status]").textContent = text;
  }

  #close() {
    const turn = this.closest("article");
    save(this.draft, "");
    this.remove();
    turn?.focus({ preventScroll: true });
  }
}

customElements.define("turn-editor", TurnEditor);

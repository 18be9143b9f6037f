// <chat-composer> sends the message that is written, and puts its text back if that fails.
import { explain, note, refuseWrongParameter, unnote, unnoteWhenOver } from "lib/composer_note";
import { failureText, post } from "lib/http";
import { visit } from "lib/navigation";
import { pageSignal } from "lib/page_signal";
import { lastMessageId } from "lib/turns";
import { uuid7 } from "lib/uuid7";

class ChatComposer extends HTMLElement {
  #id = null;
  #isSending = false;
  #isWaitingForNetwork = false;

  connectedCallback() {
    this.form = this.querySelector("form");
    this.message = this.querySelector("message-field");
    this.files = this.querySelector("attachment-list");
    this.buttons = this.querySelector("send-buttons");
    this.addEventListener("message-changed", ({ detail }) => this.#changed(detail));
    this.addEventListener("files-changed", () => this.#enable());
    this.addEventListener("parameter-mended", ({ detail }) => unnote(this, detail));
    this.addEventListener("stop-failed", () => note(this, this.dataset.textFailed, true));
    this.form.addEventListener("submit", (event) => this.#submit(event));
    const until = { signal: pageSignal() };
    unnoteWhenOver(this, this.dataset.textBusy, until);
    addEventListener("online", () => this.#isWaitingForNetwork && this.#sendWhenOnline(), until);
  }

  #changed({ note: sentence, isOver }) {
    if (!this.#isSending) this.#id = null;
    note(this, sentence, isOver);
    this.#enable();
  }

  #enable() {
    this.querySelector("[data-send]").ariaDisabled = String(!this.#isSendable);
  }

  // A message has text, files, or both, and none of its files may still be uploading.
  get #isSendable() {
    if (this.files.isBusy) return false;
    return this.message.isSendable || (this.files.count > 0 && this.message.text.trim() === "");
  }

  #submit(event) {
    event.preventDefault();
    if (this.buttons.stopUrl) note(this, this.dataset.textBusy);
    else if (!this.#isSending && this.#isSendable && !refuseWrongParameter(this))
      this.#sendWhenOnline();
  }

  #sendWhenOnline() {
    this.#isWaitingForNetwork = !navigator.onLine;
    if (this.#isWaitingForNetwork) note(this, this.dataset.textOffline);
    else this.#send();
  }

  async #send() {
    const { text } = this.message;
    this.#id ??= uuid7();
    const fields = new FormData(this.form);
    fields.set("id", this.#id);
    fields.set("parent", lastMessageId() ?? this.form.elements.parent.value);
    this.#isSending = true;
    this.message.clear();
    this.#tell("message-pending", { text });
    const result = await post(this.form.action, fields).catch(() => null);
    if (result?.ok) this.#sent(result.data);
    else this.#failed(text, result);
    this.#isSending = false;
  }

  #sent(answer) {
    this.#id = null;
    this.message.saveDraft();
    this.files.clear();
    this.#tell("message-accepted");
    note(this, answer.notice);
    if (document.querySelector("chat-stream")) this.#tell("message-sent", answer);
    else if (this.isConnected) visit(answer.url);
  }

  // The id stays, because the server may have the message although its response was lost; with the
  // same id the next attempt adds no second one.
  #failed(text, result) {
    if (result?.data?.error?.code === "id_taken") this.#id = null;
    this.#tell("message-failed");
    this.message.put(text);
    explain(this, {
      field: result?.data?.error?.field,
      message: failureText(result, this.dataset),
    });
  }

  #tell(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
  }
}

customElements.define("chat-composer", ChatComposer);

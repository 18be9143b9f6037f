// <message-field>: the text of a message: its draft, its size, and Enter, which sends.
import { Composing } from "lib/composing";
import { fill } from "lib/dom";
import { fitText } from "lib/fit_text";
import { load, save } from "lib/drafts";
import { measure } from "lib/message_size";
import { isSendKey } from "lib/send_key";

class MessageField extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("textarea");
    this.composing = new Composing(this.field);
    this.field.required = false; // an empty message is no error here, only nothing to send
    this.field.value = withDraft(this.field.value, load(this.dataset.draft));
    this.field.addEventListener("input", () => this.keepDraft());
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.#changed();
    // After the browser has looked for fields of its own to begin in: it complains if one has the focus.
    requestAnimationFrame(() => this.#invite());
  }

  // Where nobody has gone elsewhere, a keyboard writes here at once. A phone's would cover the page.
  #invite() {
    if (this.field.autofocus) return;
    const isElsewhere = document.activeElement !== document.body || location.hash !== "";
    if (!isElsewhere && matchMedia("(pointer: fine)").matches)
      this.field.focus({ preventScroll: true });
  }

  get text() {
    return this.field.value;
  }

  get isSendable() {
    return this.text.trim() !== "" && !this.#size.isOver;
  }

  // Empty to the eye; the draft is kept until the server has the message.
  clear() {
    this.field.value = "";
    this.#changed();
  }

  // Text to go on with: a suggestion, or what could not be sent.
  put(text) {
    this.field.value = this.text ? `${text}\n\n${this.text}` : text;
    this.keepDraft();
    this.field.focus();
  }

  keepDraft() {
    save(this.dataset.draft, this.text);
    this.#changed();
  }

  get #size() {
    return measure(this.text, Number(this.dataset.limit));
  }

  #key(event) {
    if (!isSendKey(event) || this.composing.owns(event)) return;
    event.preventDefault();
    this.field.form.requestSubmit();
  }

  // The limit is told before it is met.
  #changed() {
    const { isNear, isOver, figures } = this.#size;
    const words = isOver ? this.dataset.textTooLong : isNear ? this.dataset.textSize : "";
    this.dispatchEvent(
      new CustomEvent("message-changed", {
        bubbles: true,
        detail: { note: fill(words, figures), isOver },
      }),
    );
    fitText(this.field);
  }
}

// What a link has put here, and what was typed before: neither is lost, and neither stands twice.
const withDraft = (text, draft) =>
  draft?.includes(text) ? draft : draft ? `${text}\n\n${draft}` : text;

customElements.define("message-field", MessageField);

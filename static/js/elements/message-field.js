// <message-field> is the text of a message: it saves the draft, tells the size and sends on Enter.
import { Composing } from "lib/composing";
import { fill } from "lib/dom";
import { load, save } from "lib/drafts";
import { fitText } from "lib/fit_text";
import { measure } from "lib/message_size";
import { isSendKey } from "lib/send_key";

class MessageField extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("textarea");
    this.composing = new Composing(this.field);
    // Without scripts the browser refuses an empty message; here it only disables the button.
    this.field.required = false;
    this.field.value = withDraft(this.field.value, load(this.dataset.draft));
    this.field.addEventListener("input", () => this.saveDraft());
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.#changed();
    // In the next frame, because the browser warns if a field has the focus when it looks for one
    // with autofocus.
    requestAnimationFrame(() => this.#invite());
  }

  // Focus the field if nothing else has the focus, but not on a touch screen, where the keyboard
  // would cover the page.
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

  // Empty the field but not the draft, because the server does not have the message yet.
  clear() {
    this.field.value = "";
    this.#changed();
  }

  // Put a suggestion, or a message that could not be sent, before the text.
  put(text) {
    this.field.value = this.text ? `${text}\n\n${this.text}` : text;
    this.saveDraft();
    this.field.focus();
  }

  saveDraft() {
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

  // Tell the size when it comes near the limit.
  #changed() {
    const { isNear, isOver, figures } = this.#size;
    const { textTooLong, textSize } = this.dataset;
    const note = isNear ? fill(isOver ? textTooLong : textSize, figures) : "";
    const detail = { note, isOver };
    this.dispatchEvent(new CustomEvent("message-changed", { bubbles: true, detail }));
    fitText(this.field);
  }
}

// Return the text that a link put into the field, followed by the draft unless the draft contains
// it.
function withDraft(text, draft) {
  if (!draft) return text;
  return draft.includes(text) ? draft : `${text}\n\n${draft}`;
}

customElements.define("message-field", MessageField);

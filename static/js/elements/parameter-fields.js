// <parameter-fields> is a menu of parameters for the next messages. A cleared field is not sent.
import { checkField, isMarked, isWrong, mark, unmark } from "lib/field_errors";

class ParameterFields extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", ({ target }) => this.#press(target));
    this.addEventListener("focusout", ({ target }) => checkField(target));
    this.addEventListener("input", ({ target }) => this.#recheck(target));
    this.addEventListener("keydown", (event) => this.#enter(event));
    this.closest("chat-composer").addEventListener("message-accepted", () => this.#settle());
  }

  // The first field with a value that no request may have.
  get wrong() {
    return this.#fields.find(isWrong);
  }

  // Open the menu at the field of this name, if it is one of these, and say there what is wrong.
  explain(name, sentence) {
    const field = this.#fields.find((one) => one.name === name);
    if (!field) return;
    mark(field, sentence);
    if (!this.matches(":popover-open")) this.showPopover({ source: this.#opener });
    field.focus();
  }

  #recheck(field) {
    if (isMarked(field) && !isWrong(field)) this.#mended(field);
  }

  #mended(field) {
    const detail = unmark(field);
    this.dispatchEvent(new CustomEvent("parameter-mended", { bubbles: true, detail }));
  }

  #press(target) {
    const button = target.closest("[data-clear]");
    if (button) this.#clear(this.querySelector(`[name="${button.dataset.clear}"]`)).focus();
    if (target.closest("[data-reset]")) for (const field of this.#fields) this.#clear(field);
  }

  get #opener() {
    return document.querySelector(`[popovertarget="${this.id}"]`);
  }

  #clear(field) {
    field.value = "";
    if (isMarked(field)) this.#mended(field);
    return field;
  }

  get #fields() {
    return [...this.querySelectorAll(".input")];
  }

  // After a message was accepted: values for one message go back to the conversation's, other
  // values are the conversation's now.
  #settle() {
    const once = this.closest("form").querySelector("[name=is_once]");
    for (const field of this.#fields) {
      if (once.checked) field.value = before(field);
      else remember(field);
    }
    // Later, because the other menus of the composer read the box too.
    queueMicrotask(() => {
      once.checked = false;
    });
  }

  // Enter in one of these fields must not send the message.
  #enter(event) {
    if (event.key === "Enter" && event.target.matches("input")) event.preventDefault();
  }
}

const isSelect = (field) => field instanceof HTMLSelectElement;
const before = (field) =>
  isSelect(field)
    ? ([...field.options].find((one) => one.defaultSelected)?.value ?? "")
    : field.defaultValue;

function remember(field) {
  if (!isSelect(field)) field.defaultValue = field.value;
  for (const option of field.options ?? []) option.defaultSelected = option.selected;
}

customElements.define("parameter-fields", ParameterFields);

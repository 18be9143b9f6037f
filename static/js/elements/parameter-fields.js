// <parameter-fields> is a menu of parameters for the next messages. A cleared field is not sent.
class ParameterFields extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", () => this.#showSwitch());
    this.addEventListener("click", ({ target }) => this.#press(target));
    this.addEventListener("keydown", (event) => this.#enter(event));
    this.closest("chat-composer").addEventListener("message-accepted", () => this.#settle());
  }

  #press(target) {
    const button = target.closest("[data-clear]");
    if (button) this.#clear(this.querySelector(`[name="${button.dataset.clear}"]`)).focus();
    if (target.closest("[data-reset]")) for (const field of this.#fields) this.#clear(field);
  }

  // Show on the button of the menu whether the switch in the menu is on.
  #showSwitch() {
    const { switch: name, inherits } = this.dataset;
    if (!name) return;
    const { value } = this.querySelector(`[name="${name}"]`);
    const isOn = value ? value === "True" : inherits !== undefined;
    document.querySelector(`[popovertarget="${this.id}"]`).toggleAttribute("data-on", isOn);
  }

  #clear(field) {
    field.value = "";
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
    this.#showSwitch();
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

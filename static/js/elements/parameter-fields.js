// <parameter-fields>: what goes with the next messages; a cleared field is not sent at all.
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
    if (target.closest("[data-reset]")) this.#fields.forEach((field) => this.#clear(field));
  }

  // The button of a menu with a switch in it tells how that stands.
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

  // What was meant for one message goes back to what the chat has; everything else is the chat's now.
  #settle() {
    const once = this.closest("form").querySelector("[name=is_once]");
    for (const field of this.#fields) {
      if (once.checked) field.value = before(field);
      else remember(field);
    }
    // The other menus of the composer look at it too.
    queueMicrotask(() => (once.checked = false));
    this.#showSwitch();
  }

  // Enter in one of these fields is no wish to send.
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
  else for (const option of field.options) option.defaultSelected = option.selected;
}

customElements.define("parameter-fields", ParameterFields);

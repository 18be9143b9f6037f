// The options of a listbox that a text field controls: the field keeps the focus and points at the
// selected option by aria-activedescendant.
export class Listbox {
  #field;
  #list;

  constructor(field, list) {
    this.#field = field;
    this.#list = list;
  }

  get options() {
    return [...this.#list.querySelectorAll("[role=option]")];
  }

  get selected() {
    return this.#list.querySelector("[aria-selected=true]");
  }

  select(option) {
    const { selected } = this;
    if (!option || option === selected) return;
    if (selected) selected.ariaSelected = "false";
    option.ariaSelected = "true";
    this.#field.setAttribute("aria-activedescendant", option.id);
  }

  // Select the option `step` places further on. A single step goes round from the last option to
  // the first; a longer one stops at either.
  move(step) {
    const { options } = this;
    const to = options.indexOf(this.selected) + step;
    const last = options.length - 1;
    const index = Math.abs(step) === 1 ? (to + options.length) % options.length : to;
    this.select(options[Math.max(0, Math.min(index, last))]);
    this.selected?.scrollIntoView({ block: "nearest" });
  }

  // Point at no option, because the list is closed.
  leave() {
    this.#field.removeAttribute("aria-activedescendant");
  }
}

// <parameter-fields>: what goes with the next messages; a cleared field is not sent at all.
class ParameterFields extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", ({ target }) => this.#clear(target.closest("[data-clear]")));
    this.addEventListener("keydown", (event) => this.#enter(event));
  }

  #clear(button) {
    if (!button) return;
    const field = this.querySelector(`[name="${button.dataset.clear}"]`);
    field.value = "";
    field.focus();
  }

  // Enter in one of these fields is no wish to send.
  #enter(event) {
    if (event.key === "Enter" && event.target.matches("input")) event.preventDefault();
  }
}

customElements.define("parameter-fields", ParameterFields);

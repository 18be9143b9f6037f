// <tool-switches> counts the tools that are on, and puts the user's defaults back.
import { fill } from "lib/dom";
import { pageSignal } from "lib/page_signal";

class ToolSwitches extends HTMLElement {
  connectedCallback() {
    this.menu = this.parentElement;
    this.rows = [...this.querySelectorAll(".tool-row")];
    this.addEventListener("change", () => this.#count());
    this.menu.addEventListener("click", ({ target }) => {
      if (target.closest("[data-tool-defaults]")) this.#reset();
    });
    document.addEventListener("model-chosen", ({ detail }) => this.#suit(detail.label), {
      signal: pageSignal(),
    });
    this.#count();
  }

  #reset() {
    for (const row of this.rows) {
      const { usual } = row.dataset;
      row.querySelector("input").checked = usual !== "";
      const mode = row.querySelector("select");
      if (mode && usual) mode.value = usual;
    }
    this.menu.querySelector("[name=tool_choice]").value = "";
    this.#count();
  }

  // A model that calls no tools leaves the switches as they are for the next one.
  #suit(model) {
    const callsNone = document.querySelector("model-picker[data-no-tools]") !== null;
    const line = this.querySelector(".tool-menu__none");
    line.hidden = !callsNone;
    line.textContent = fill(line.dataset.text, { model });
    this.querySelector("fieldset").disabled = callsNone;
    this.#count();
  }

  #count() {
    const isOff = this.querySelector("fieldset").disabled;
    const n = isOff ? 0 : this.querySelectorAll(".tool-row input:checked").length;
    const chip = document.querySelector(`[popovertarget="${this.menu.id}"]`);
    const line = this.querySelector("[data-count]");
    line.textContent = fill(this.dataset.textOn, { n, m: this.rows.length });
    chip.querySelector(".chip-n").textContent = n;
    chip.ariaLabel = fill(this.dataset.textName, { n });
    chip.toggleAttribute("data-on", n > 0);
  }
}

customElements.define("tool-switches", ToolSwitches);

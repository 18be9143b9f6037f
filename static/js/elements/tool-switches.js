// <tool-switches> counts the tools that are on, and puts the user's defaults back.
import { fill } from "lib/dom";
import { pageSignal } from "lib/page_signal";

class ToolSwitches extends HTMLElement {
  connectedCallback() {
    const until = { signal: pageSignal() };
    this.menu = this.parentElement;
    this.rows = [...this.querySelectorAll(".tool-row")];
    this.menu.addEventListener("change", () => this.#count());
    this.menu.addEventListener("click", ({ target }) => {
      if (target.closest("[data-tool-defaults]")) this.#reset();
    });
    document.addEventListener("model-chosen", ({ detail }) => this.#suit(detail.label), until);
    this.closest("chat-composer").addEventListener("message-accepted", () => {
      for (const row of this.rows) this.#settle(row);
    });
    document.addEventListener("tool-allowed", ({ detail }) => this.#allow(detail.tool), until);
    this.#count();
  }

  // Note that the server has the state of a row now (conversations/forms/tool_switches.py).
  #settle(row) {
    const offered = this.querySelector("[name=tools_offered]");
    const { value: name, checked } = row.querySelector("[role=switch]");
    const shown = checked ? row.querySelector("[name^=mode_]").value : "off";
    const settled = ([tool, before, usual]) => [tool, tool === name ? shown : before, usual];
    const states = offered.value.split(" ").map((each) => settled(each.split(":")).join(":"));
    offered.value = states.join(" ");
  }

  // The user has answered a question for the rest of the conversation.
  #allow(tool) {
    const mode = this.querySelector(`select[name="mode_${tool}"]`);
    if (!mode) return;
    mode.value = "once";
    this.#settle(mode.closest(".tool-row"));
  }

  #reset() {
    for (const row of this.rows) {
      const { usual } = row.dataset;
      row.querySelector("[role=switch]").checked = usual !== "";
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
    const n = isOff ? 0 : this.querySelectorAll("[role=switch]:checked").length;
    const chip = document.querySelector(`[popovertarget="${this.menu.id}"]`);
    const line = this.querySelector("[data-count]");
    const choice = this.menu.querySelector("[name=tool_choice]");
    this.menu.querySelector("[data-choice]").textContent = choice.selectedOptions[0].text;
    line.textContent = fill(this.dataset.textOn, { n, m: this.rows.length });
    chip.querySelector(".chip-n").textContent = n;
    chip.ariaLabel = fill(this.dataset.textName, { n });
    chip.toggleAttribute("data-on", n > 0);
  }
}

customElements.define("tool-switches", ToolSwitches);

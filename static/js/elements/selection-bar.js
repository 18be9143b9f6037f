// <selection-bar> selects several rows of the sidebar by boxes, and offers the actions for all of
// them.

import { checkRange } from "lib/check_range";
import { change } from "lib/conversation_actions";
import { fill } from "lib/dom";
import { moveConversations } from "lib/moving";

class SelectionBar extends HTMLElement {
  #ids = new Set();

  connectedCallback() {
    this.list = document.querySelector("conversation-list");
    this.count = this.querySelector("[data-count]");
    this.list.addEventListener("select-row", ({ target }) => this.#begin(target));
    this.list.addEventListener("change", () => this.#read());
    this.list.addEventListener("rows-changed", () => this.#show());
    // In the capture phase, because a click on a link selects its row and must not open it.
    this.list.addEventListener("click", (event) => this.#toggle(event), true);
    checkRange(this.list, ".conv__check");
    for (const place of [this, this.list])
      place.addEventListener(
        "keydown",
        (event) => event.key === "Escape" && this.#isOn && this.#end(event),
      );
    this.addEventListener("click", ({ target }) => this.#act(target.closest("button")));
  }

  get #isOn() {
    return !this.hidden;
  }

  #begin(row) {
    this.hidden = false;
    this.list.classList.add("is-selecting");
    const box = row.querySelector(".conv__check");
    box.focus();
    if (!box.checked) box.click();
  }

  #toggle(event) {
    const link = this.#isOn && event.target.closest(".conv__link");
    if (!link) return;
    event.preventDefault();
    event.stopPropagation();
    const box = link.closest(".conv").querySelector(".conv__check");
    box.focus();
    box.dispatchEvent(new MouseEvent("click", { bubbles: true, shiftKey: event.shiftKey }));
  }

  #read() {
    if (!this.#isOn) return;
    this.#ids = new Set(this.list.rows.filter(isChecked).map((row) => row.dataset.id));
    this.#tell();
  }

  // Check the boxes of the selected rows again after rows were added, removed or replaced.
  #show() {
    if (!this.#isOn) return;
    for (const row of this.list.rows)
      row.querySelector(".conv__check").checked = this.#ids.has(row.dataset.id);
    this.#read();
  }

  #tell() {
    this.count.textContent = fill(this.dataset.text, { n: this.#ids.size });
    for (const button of this.querySelectorAll("[data-change], [data-move]"))
      button.setAttribute("aria-disabled", String(this.#ids.size === 0));
  }

  #act(button) {
    if (!button || button.ariaDisabled === "true") return;
    const ids = [...this.#ids];
    if ("end" in button.dataset) return this.#end();
    if ("all" in button.dataset) {
      for (const row of this.list.rows) row.querySelector(".conv__check").checked = true;
      return this.#read();
    }
    this.#end();
    if ("move" in button.dataset) moveConversations(ids);
    else change(ids, button.dataset.change);
  }

  #end(event) {
    event?.stopPropagation();
    const row = this.list.rows.find(isChecked);
    for (const box of this.list.querySelectorAll(".conv__check")) box.checked = false;
    this.#ids.clear();
    this.hidden = true;
    this.list.classList.remove("is-selecting");
    row?.querySelector("a").focus();
  }
}

const isChecked = (row) => row.querySelector(".conv__check").checked;

customElements.define("selection-bar", SelectionBar);

// <shortcut-sheet> lists the keys that work on this page. The key ? and buttons open it.
import { capsOf } from "lib/keys";
import { areOn, exists, keysOf, SHORTCUTS } from "lib/shortcuts";

class ShortcutSheet extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.dialog.addEventListener(
      "beforetoggle",
      ({ newState }) => newState === "open" && this.#fill(),
    );
    document.addEventListener(
      "click",
      ({ target }) => target.closest("[data-open-shortcuts]") && this.#open(),
    );
  }

  // Close the menu that the button may stand in.
  #open() {
    for (const open of document.querySelectorAll(".menu:popover-open")) open.hidePopover();
    this.dialog.showModal();
  }

  #fill() {
    this.querySelector("[data-off]").hidden = areOn();
    for (const shortcut of SHORTCUTS) {
      const row = this.querySelector(`[data-shortcut="${shortcut.name}"]`);
      row.hidden = !exists(shortcut) || (shortcut.run !== undefined && !areOn());
      row.querySelector("dd").replaceChildren(...capsOf(keysOf(shortcut)).map(cap));
    }
  }
}

function cap(text) {
  const element = document.createElement("kbd");
  element.className = "kbd";
  element.textContent = text;
  return element;
}

customElements.define("shortcut-sheet", ShortcutSheet);

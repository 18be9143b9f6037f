// <command-palette> finds conversations, models, actions and settings. It is a combobox in a
// dialog.
import { Composing } from "lib/composing";
import { byId } from "lib/dom";
import { isMac } from "lib/keys";
import { Listbox } from "lib/listbox";
import { choose, countsOf, suit } from "lib/palette_options";
import { PaletteSearch } from "lib/palette_search";

const STEPS = { ArrowDown: 1, ArrowUp: -1, PageDown: 5, PageUp: -5 };

class CommandPalette extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.input = this.querySelector("[role=combobox]");
    this.list = this.querySelector("[role=listbox]");
    this.status = this.querySelector("[data-status]");
    this.listbox = new Listbox(this.input, this.list);
    this.composing = new Composing(this.input);
    const url = () => `${this.dataset.url}?q=${encodeURIComponent(this.input.value)}`;
    this.search = new PaletteSearch(url, (html) => this.#show(html));
    this.input.addEventListener("input", () => this.search.later());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.list.addEventListener("click", (event) => this.#clicked(event));
    this.list.addEventListener("pointermove", ({ target }) =>
      this.listbox.select(target.closest("[role=option]")),
    );
    // The focus stays in the field.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.dialog.addEventListener("close", () => this.search.stop());
  }

  open() {
    for (const open of document.querySelectorAll(":popover-open")) open.hidePopover();
    this.input.value = "";
    this.dialog.showModal();
    this.search.restart();
  }

  // The options of an earlier search stay until those of the newest one are here.
  #show(html) {
    if (!this.dialog.open) return;
    if (html === null) {
      this.status.textContent = this.dataset.textFailed;
      return;
    }
    this.list.innerHTML = html;
    suit(this.list);
    const { options } = this.listbox;
    for (const [index, option] of options.entries()) option.id = `palette-${index}`;
    this.list.scrollTop = 0;
    this.listbox.select(options[0]);
    this.status.textContent = countsOf(this.list, this.dataset);
  }

  // Take the selected option of what is typed now, even if its results are still to come.
  async #enter(inNewTab) {
    if (!this.search.isShown) await this.search.load();
    if (this.search.isShown) this.#take(this.listbox.selected, inNewTab);
  }

  #key(event) {
    const isCommand = isMac ? event.metaKey : event.ctrlKey;
    const isClosing = isCommand && event.key.toLowerCase() === "k";
    const isTaking = event.key === "Enter" && !this.composing.owns(event);
    if (!isClosing && !isTaking && !(event.key in STEPS)) return;
    event.preventDefault();
    if (isClosing) this.dialog.close();
    else if (isTaking) this.#enter(isCommand);
    else this.listbox.move(STEPS[event.key]);
  }

  // A click with a modifier key opens the link as the browser does.
  #clicked(event) {
    const option = event.target.closest("[role=option]");
    if (!option || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.#take(option, false);
  }

  #take(option, inNewTab) {
    if (!option || !this.dialog.open) return;
    if (inNewTab && option.href) {
      window.open(option.href, "_blank", "noopener");
      return;
    }
    this.dialog.close();
    choose(option, this.dataset.token);
  }
}

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-open-palette]")) byId("palette").parentElement.open();
});
customElements.define("command-palette", CommandPalette);

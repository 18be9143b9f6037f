// <command-palette>: finds conversations, models, actions and settings; a combobox in a dialog.
import { Composing } from "lib/composing";
import { byId, fill } from "lib/dom";
import { choose, suit } from "lib/palette_options";
import { getHtml } from "lib/http";
import { isMac } from "lib/keys";

const PAUSE = 150;
const STEPS = { ArrowDown: 1, ArrowUp: -1, PageDown: 5, PageUp: -5 };

class CommandPalette extends HTMLElement {
  #timer = 0;
  #asked = "";
  #shown = "";

  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.input = this.querySelector("[role=combobox]");
    this.list = this.querySelector("[role=listbox]");
    this.status = this.querySelector("[data-status]");
    this.composing = new Composing(this.input);
    this.input.addEventListener("input", () => this.#later());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.list.addEventListener("click", (event) => this.#clicked(event));
    this.list.addEventListener("pointermove", ({ target }) =>
      this.#select(target.closest("[role=option]")),
    );
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the field
    this.dialog.addEventListener("close", () => clearTimeout(this.#timer));
  }

  get options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  get selected() {
    return this.list.querySelector("[aria-selected=true]");
  }

  open() {
    for (const open of document.querySelectorAll(":popover-open")) open.hidePopover();
    this.input.value = this.#shown = "";
    this.dialog.showModal();
    this.#load();
  }

  #later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#load(), PAUSE);
  }

  get #url() {
    return `${this.dataset.url}?q=${encodeURIComponent(this.input.value)}`;
  }

  // What was asked for last is shown; until it is there, what was there before.
  async #load() {
    clearTimeout(this.#timer);
    const url = (this.#asked = this.#url);
    const html = await getHtml(url).catch(() => null);
    if (this.#asked !== url || !this.dialog.open) return;
    if (html === null) this.status.textContent = this.dataset.textFailed;
    else this.#show(html), (this.#shown = url);
  }

  // What is typed decides: a list that is still that of the words before is waited for.
  async #enter(inNewTab) {
    if (this.#shown !== this.#url) await this.#load();
    if (this.#shown === this.#url) this.#take(this.selected, inNewTab);
  }

  #show(html) {
    this.list.innerHTML = html;
    suit(this.list);
    this.options.forEach((option, index) => (option.id = `palette-${index}`));
    this.list.scrollTop = 0;
    this.#select(this.options[0]);
    this.status.textContent = this.#counts();
  }

  #counts() {
    const told = {};
    for (const kind of ["conversations", "actions"]) {
      const n = this.list.querySelectorAll(`[data-counts=${kind}] [role=option]`).length;
      const isOne = new Intl.PluralRules(document.documentElement.lang).select(n) === "one";
      const name = kind[0].toUpperCase() + kind.slice(1);
      told[kind] = fill(this.dataset[isOne ? `text${name}One` : `text${name}`], { n });
    }
    return fill(this.dataset.textFound, told);
  }

  #select(option) {
    if (!option || option === this.selected) return;
    if (this.selected) this.selected.ariaSelected = "false";
    option.ariaSelected = "true";
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  #key(event) {
    const isCommand = isMac ? event.metaKey : event.ctrlKey;
    if (isCommand && event.key.toLowerCase() === "k") event.preventDefault(), this.dialog.close();
    else if (event.key in STEPS) event.preventDefault(), this.#move(STEPS[event.key]);
    else if (event.key === "Enter" && !this.composing.owns(event)) {
      event.preventDefault();
      this.#enter(isCommand);
    }
  }

  // Round from the last to the first.
  #move(step) {
    const { options } = this;
    const at = options.indexOf(this.selected);
    const to = Math.abs(step) === 1 ? (at + step + options.length) % options.length : at + step;
    this.#select(options[Math.max(0, Math.min(to, options.length - 1))]);
    this.selected?.scrollIntoView({ block: "nearest" });
  }

  // A click with a key held opens the link as the browser does.
  #clicked(event) {
    const option = event.target.closest("[role=option]");
    if (!option || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.#take(option, false);
  }

  #take(option, inNewTab) {
    if (!option || !this.dialog.open) return;
    if (inNewTab && option.href) return window.open(option.href, "_blank", "noopener");
    this.dialog.close();
    choose(option, this.dataset.token);
  }
}

document.addEventListener(
  "click",
  ({ target }) => target.closest("[data-open-palette]") && byId("palette").parentElement.open(),
);
customElements.define("command-palette", CommandPalette);

// <snippet-menu> offers prompt snippets when "/" is typed in the message field.
import { announce } from "lib/announcer";
import { fill } from "lib/dom";
import { Listbox } from "lib/listbox";
import { askForVariables } from "lib/snippet_dialog";
import { loadSnippets, optionFor } from "lib/snippet_options";
import { filled, matching, searchAt, variablesOf } from "lib/snippets";

const SHOWN = 8;

class SnippetMenu extends HTMLElement {
  #snippets = null;

  connectedCallback() {
    this.field = this.querySelector("textarea");
    this.list = this.querySelector("[role=listbox]");
    this.listbox = new Listbox(this.field, this.list);
    this.field.setAttribute("aria-controls", this.list.id);
    this.field.setAttribute("aria-autocomplete", "list");
    this.field.addEventListener("input", () => this.#look());
    this.field.addEventListener("blur", () => this.#close());
    // Before the field's own listeners, because Enter chooses here and would send there.
    this.addEventListener("keydown", (event) => this.#key(event), { capture: true });
    this.list.addEventListener("pointerdown", (event) => this.#point(event));
  }

  get #search() {
    return searchAt(this.field.value, this.field.selectionStart);
  }

  async #look() {
    if (!this.#search) return this.#close();
    this.#snippets ??= await loadSnippets(this.dataset.url);
    // The text may have changed while the snippets were loaded.
    const search = this.#search;
    const found = search ? matching(this.#snippets, search.word).slice(0, SHOWN) : [];
    this.list.replaceChildren(...found.map(optionFor));
    this.list.hidden = found.length === 0;
    if (found.length === 0) return this.#close();
    this.list.scrollTop = 0;
    this.listbox.select(this.listbox.options[0]);
    return announce(fill(this.dataset.textFound, { n: found.length }));
  }

  #key(event) {
    if (this.list.hidden || event.isComposing) return;
    const act = {
      ArrowDown: () => this.listbox.move(1),
      ArrowUp: () => this.listbox.move(-1),
      Enter: () => this.#choose(this.listbox.selected),
      Tab: () => this.#choose(this.listbox.selected),
      Escape: () => this.#close(),
    }[event.key];
    if (!act || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  #point(event) {
    // The field keeps the focus.
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) this.#choose(option);
  }

  async #choose({ snippet }) {
    const { start } = this.#search;
    const end = this.field.selectionStart;
    this.#close();
    const names = variablesOf(snippet.text);
    const values = names.length ? await askForVariables(snippet.name, names) : {};
    this.field.focus();
    if (!values) return;
    this.field.setRangeText(filled(snippet.text, values), start, end, "end");
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #close() {
    this.list.hidden = true;
    this.listbox.leave();
  }
}

customElements.define("snippet-menu", SnippetMenu);

// <snippet-menu>: "/" in the message field offers prompt snippets. The field keeps the focus; the
// list is pointed at by aria-activedescendant.
import { announce } from "lib/announcer";
import { fill } from "lib/dom";
import { askForVariables } from "lib/snippet_dialog";
import { filled, matching, searchAt, variablesOf } from "lib/snippets";

const SHOWN = 8;

class SnippetMenu extends HTMLElement {
  #snippets = null;

  connectedCallback() {
    this.field = this.querySelector("textarea");
    this.list = this.querySelector("[role=listbox]");
    this.field.setAttribute("aria-controls", this.list.id);
    this.field.setAttribute("aria-autocomplete", "list");
    this.field.addEventListener("input", () => this.#look());
    this.field.addEventListener("blur", () => this.#close());
    // Before the field's own keys: Enter chooses here, where it would send there.
    this.addEventListener("keydown", (event) => this.#key(event), { capture: true });
    this.list.addEventListener("pointerdown", (event) => this.#point(event));
  }

  async #look() {
    if (!this.#search) return this.#close();
    this.#snippets ??= await this.#load();
    const found = this.#search ? matching(this.#snippets, this.#search.word).slice(0, SHOWN) : [];
    this.list.replaceChildren(...found.map(optionFor));
    this.list.hidden = found.length === 0;
    if (found.length === 0) return this.#close();
    this.#mark(this.list.firstElementChild);
    announce(fill(this.dataset.textFound, { n: found.length }));
  }

  get #search() {
    return searchAt(this.field.value, this.field.selectionStart);
  }

  async #load() {
    const response = await fetch(this.dataset.url, {
      headers: { Accept: "application/json" },
    }).catch(() => null);
    return response?.ok && !response.redirected ? (await response.json()).snippets : [];
  }

  #key(event) {
    if (this.list.hidden || event.isComposing) return;
    const act = {
      ArrowDown: () => this.#move(1),
      ArrowUp: () => this.#move(-1),
      Enter: () => this.#choose(this.#marked),
      Tab: () => this.#choose(this.#marked),
      Escape: () => this.#close(),
    }[event.key];
    if (!act || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  #point(event) {
    event.preventDefault(); // the field keeps the focus
    const option = event.target.closest("[role=option]");
    if (option) this.#choose(option);
  }

  get #marked() {
    return this.list.querySelector("[aria-selected=true]");
  }

  #move(step) {
    const options = [...this.list.children];
    this.#mark(options.at((options.indexOf(this.#marked) + step) % options.length));
  }

  #mark(option) {
    for (const one of this.list.children) one.setAttribute("aria-selected", String(one === option));
    this.field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
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
    this.field.removeAttribute("aria-activedescendant");
  }
}

function optionFor(snippet, index) {
  const option = document.createElement("li");
  const name = document.createElement("b");
  const text = document.createElement("small");
  option.id = `snippet-${index}`;
  option.role = "option";
  option.className = "menu__item snippets__option";
  option.snippet = snippet;
  name.textContent = `/${snippet.name}`;
  text.textContent = snippet.text;
  text.dir = "auto";
  option.append(name, text);
  return option;
}

customElements.define("snippet-menu", SnippetMenu);

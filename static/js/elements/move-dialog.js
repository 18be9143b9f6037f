// <move-dialog> asks for the folder that conversations, or a folder, are moved to. The folder is
// found and chosen, or a new one is created.
import { change } from "lib/conversation_actions";
import { createFolder, placeFolder } from "lib/folder_actions";
import { getHtml } from "lib/http";

class MoveDialog extends HTMLElement {
  #moved = null;

  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.choices = this.querySelector("[data-choices]");
    this.find = this.querySelector("[data-find]");
    this.form = this.querySelector("[data-new]");
    document.addEventListener("move-wanted", ({ detail }) => this.#open(detail));
    this.find.addEventListener("input", () => this.#filter());
    this.find.addEventListener(
      "keydown",
      (event) => event.key === "Enter" && this.#chooseFirst(event),
    );
    this.dialog.addEventListener("keydown", (event) => this.#step(event));
    this.choices.addEventListener("click", ({ target }) => this.#choose(target.closest("button")));
    this.form.addEventListener("submit", (event) => this.#create(event));
  }

  get #buttons() {
    return [...this.choices.querySelectorAll("li:not([hidden]) button")];
  }

  async #open(moved) {
    this.#moved = moved;
    this.choices.innerHTML = await getHtml(this.dataset.url).catch(() => "");
    this.find.value = this.form.elements.name.value = "";
    this.#filter();
    this.dialog.showModal();
    this.find.focus();
  }

  // Offer a folder only the outermost folders, except itself, because folders nest once.
  #filter() {
    const words = this.find.value.trim().toLowerCase();
    const { folder } = this.#moved;
    for (const button of this.choices.querySelectorAll("button")) {
      const isPossible = !folder || (button.dataset.depth !== "1" && button.value !== folder);
      button.parentElement.hidden =
        !isPossible || !button.textContent.toLowerCase().includes(words);
    }
  }

  #chooseFirst(event) {
    event.preventDefault();
    if (this.find.value.trim()) this.#choose(this.#buttons[0]);
  }

  #step(event) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by || event.isComposing) return;
    const stops = [this.find, ...this.#buttons];
    const next = stops[stops.indexOf(document.activeElement) + by];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  #choose(button) {
    if (!button) return;
    this.dialog.close();
    this.#move(button.value);
  }

  async #create(event) {
    event.preventDefault();
    const made = await createFolder(this.form.elements.name.value.trim());
    if (!made) return;
    this.dialog.close();
    this.#move(made.id);
  }

  #move(target) {
    const { ids, folder } = this.#moved;
    if (folder) placeFolder(folder, target);
    else change(ids, "move", { folder: target });
  }
}

customElements.define("move-dialog", MoveDialog);

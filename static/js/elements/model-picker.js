// <model-picker> is the menu in which a model is searched and chosen.
import { postChoice, showChoice } from "lib/model_choice";
import { stepFor } from "lib/model_keys";
import { chooseFirst } from "lib/model_list";
import { ModelRows } from "lib/model_rows";

class ModelPicker extends HTMLElement {
  #use = null;

  connectedCallback() {
    this.form = this.querySelector("#picker");
    this.opener = this.querySelector("[popovertarget=picker]");
    this.search = this.querySelector("input[type=search]");
    this.notice = this.querySelector("[data-notice]");
    this.rows = new ModelRows(this, () => this.#tell(this.dataset.failed));
    for (const part of this.querySelectorAll("[data-scripted]")) part.hidden = false;
    for (const name of ["pointerenter", "focus"])
      this.opener.addEventListener(name, () => this.rows.load(), { passive: true });
    this.addEventListener("input", () => this.rows.filter());
    this.addEventListener("submit", (event) => this.#submit(event));
    this.form.addEventListener("keydown", (event) => this.#key(event));
    // Before the popover opens, because what is typed at once must stay in the search field.
    this.form.addEventListener("beforetoggle", (event) => this.#begin(event));
    this.form.addEventListener("toggle", (event) => this.#toggled(event));
  }

  // Open the picker beside `source` for one choice that is not the model of the page. `use` gets
  // the names of the model and of its connection.
  lend(source, use) {
    this.form.showPopover({ source });
    this.#use = use;
  }

  // Choose the model of this name, as a click on its row does. Rejects if there is no such model.
  async pick(model) {
    await this.rows.load();
    const row = [...this.querySelectorAll(".model")].find((one) => one.dataset.model === model);
    if (!row) throw new Error(model);
    row.querySelector(".model__pick").click();
  }

  #begin({ newState }) {
    if (newState !== "open") return;
    this.querySelector("#picker-filters").reset();
    this.rows.filter();
    this.rows.load();
  }

  // `autofocus` does nothing in a page that was swapped in, nor after a menu item opened the picker.
  #toggled({ newState }) {
    if (newState === "open") this.search.focus();
    else this.#use = null;
    this.rows.showCurrent();
  }

  #key(event) {
    const step = stepFor(this, event);
    if (!step) return;
    event.preventDefault();
    this.rows.load().then(step);
  }

  async #submit(event) {
    event.preventDefault();
    const star = event.submitter?.closest(".star");
    if (event.target.id === "picker-filters") {
      await this.rows.load();
      chooseFirst(this);
      return;
    }
    const done = star ? this.rows.toggleFavourite(star) : this.#choose(event.submitter);
    done.catch(({ cause }) => this.#tell(cause ?? this.dataset.failed));
  }

  #tell(text) {
    this.notice.textContent = text;
    this.notice.hidden = false;
  }

  async #choose(button) {
    const row = button.closest(".model");
    const { model, label } = row.dataset;
    const chosen = { model, connection: button.dataset.connection ?? "" };
    const use = this.#use;
    if (use) {
      this.form.hidePopover();
      use(chosen);
      return;
    }
    if (this.form.method === "post") await postChoice(this.form.action, chosen);
    this.notice.hidden = true;
    showChoice(this, chosen, row.dataset);
    this.form.hidePopover();
    const detail = { ...chosen, label };
    this.dispatchEvent(new CustomEvent("model-chosen", { bubbles: true, detail }));
  }
}

customElements.define("model-picker", ModelPicker);

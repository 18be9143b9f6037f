// <model-picker>: search, keys, and choosing without leaving the page. The list comes on intent.
import { parse } from "lib/dom";
import { getHtml, post } from "lib/http";
import { showFavourite } from "lib/model-favourites";
import { filter, mark, markSeries, move, moveInRow, showGroup, shownPicks } from "lib/model-list";

class ModelPicker extends HTMLElement {
  #use = null;
  #loading = null;

  connectedCallback() {
    this.form = this.querySelector("#picker");
    this.opener = this.querySelector("[popovertarget=picker]");
    this.search = this.querySelector("input[type=search]");
    this.notice = this.querySelector("[data-notice]");
    this.cols = this.querySelector(".picker__cols");
    for (const part of this.querySelectorAll("[data-scripted]")) part.hidden = false;
    for (const name of ["pointerenter", "focus"])
      this.opener.addEventListener(name, () => this.load(), { passive: true });
    this.addEventListener("input", () => this.filter());
    this.addEventListener("submit", (event) => this.submit(event));
    this.addEventListener("click", (event) => this.jump(event));
    this.form.addEventListener("keydown", (event) => this.key(event));
    // Before it opens, so that what is typed at once is found in the search and stays there.
    this.form.addEventListener(
      "beforetoggle",
      ({ newState }) => newState === "open" && this.begin(),
    );
    this.form.addEventListener("toggle", (event) => this.toggled(event));
  }

  get isOpen() {
    return this.form.matches(":popover-open");
  }

  // Open beside `source` to choose for something else, once: `use` gets the model's name and connection.
  lend(source, use) {
    this.form.showPopover({ source });
    this.#use = use;
  }

  // Choose the model of this name, as its row does. Rejects when there is none.
  async pick(model) {
    await this.load();
    const row = [...this.querySelectorAll(".model")].find((one) => one.dataset.model === model);
    if (!row) throw new Error(model);
    row.querySelector(".model__pick").click();
  }

  // The list is a quarter of a page's HTML: it is fetched once somebody is about to look at it.
  load() {
    this.#loading ??= getHtml(this.cols.dataset.url).then(
      (html) => this.fill(parse(html)),
      () => ((this.#loading = null), this.isOpen && this.tell({})),
    );
    return this.#loading;
  }

  fill(fragment) {
    this.cols.replaceChildren(fragment);
    if (this.notice.textContent === this.dataset.failed) this.notice.hidden = true;
    this.list = this.querySelector(".picker__list");
    this.index = this.querySelector(".picker__index");
    for (const name of ["scroll", "focusin"])
      this.list.addEventListener(name, () => markSeries(this), { passive: true });
    for (const row of this.querySelectorAll(".model")) mark(row, this.dataset);
    this.filter();
    if (this.isOpen) this.showCurrent();
  }

  toggled({ newState }) {
    if (newState === "open") this.showCurrent();
    else this.#use = null;
  }

  begin() {
    this.querySelector("#picker-filters").reset();
    this.filter();
    this.load();
  }

  showCurrent() {
    this.querySelector(".model[data-on]")?.scrollIntoView({ block: "center" });
  }

  filter() {
    if (!this.list) return;
    filter(
      this,
      this.search.value.trim(),
      this.querySelector("input[name=capability]:checked").value,
    );
    markSeries(this);
  }

  jump(event) {
    const link = event.target.closest(".picker__index a");
    if (!link) return;
    event.preventDefault(); // the address stays free of #series
    showGroup(this.querySelector(link.hash));
  }

  key(event) {
    if (
      event.isComposing ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      event.target.type === "radio"
    )
      return;
    const row = event.target.closest(".model");
    const steps = { ArrowDown: () => move(this, row, 1), ArrowUp: () => move(this, row, -1) };
    if (row) {
      steps.ArrowRight = () => moveInRow(row, event.target, 1);
      steps.ArrowLeft = () => moveInRow(row, event.target, -1);
      steps.f = steps.F = () => row.querySelector(".star").click();
    }
    if (steps[event.key]) {
      event.preventDefault();
      this.load().then(steps[event.key]);
    } else if (row && event.key.length === 1 && event.key !== " ") {
      this.search.focus(); // the letter lands there
    }
  }

  submit(event) {
    event.preventDefault();
    const star = event.submitter?.closest(".star");
    if (event.target.id === "picker-filters") this.load().then(() => this.chooseFirst());
    else
      (star ? this.toggle(star) : this.choose(event.submitter)).catch((error) => this.tell(error));
  }

  chooseFirst() {
    shownPicks(this)
      .find((pick) => pick.ariaDisabled !== "true")
      ?.click();
  }

  tell(error) {
    this.notice.textContent = error.cause ?? this.dataset.failed;
    this.notice.hidden = false;
  }

  async ask(url, fields) {
    const { ok, data } = await post(url, new URLSearchParams(fields));
    if (!ok) throw new Error("refused", { cause: data?.error?.message });
  }

  async toggle(star) {
    const isOn = star.value === "on";
    await this.ask(star.formAction, { favourite: star.value });
    showFavourite(this, star.closest(".model"), isOn);
    this.filter();
  }

  async choose(button) {
    const row = button.closest(".model");
    const { model, label } = row.dataset;
    const chosen = { model, connection: button.dataset.connection ?? "" };
    const use = this.#use;
    if (use) return (this.form.hidePopover(), use(chosen));
    if (this.form.method === "post") await this.ask(this.form.action, chosen);
    this.notice.hidden = true;
    this.show(chosen, label);
    this.toggleAttribute("data-sees", "sees" in row.dataset);
    this.form.hidePopover();
    this.dispatchEvent(
      new CustomEvent("model-chosen", { bubbles: true, detail: { ...chosen, label } }),
    );
  }

  show(chosen, label) {
    Object.assign(this.dataset, chosen, { label });
    const { opener } = this;
    opener.ariaLabel = this.dataset.buttonName.replace("{name}", () => label);
    opener.classList.remove("model-btn--gone");
    opener.querySelector("[data-model-label]").textContent = label;
    for (const field of document.querySelectorAll("[data-chosen-model]"))
      field.value = chosen.model;
    for (const field of document.querySelectorAll("[data-chosen-connection]"))
      field.value = chosen.connection;
    for (const row of this.querySelectorAll(".model")) mark(row, chosen);
  }
}

customElements.define("model-picker", ModelPicker);

// The rows of the model picker. They are not part of the page, because they would be a quarter of
// its HTML; they are fetched when somebody is about to open the picker.
import { parse } from "lib/dom";
import { getHtml } from "lib/http";
import { postChoice } from "lib/model_choice";
import { showFavourite } from "lib/model_favourites";
import { filter, mark, markSeries, showGroup } from "lib/model_list";

export class ModelRows {
  #picker;
  #cols;
  #failed;
  #loading = null;

  // `failed` is called if the rows cannot be fetched while the picker is open.
  constructor(picker, failed) {
    this.#picker = picker;
    this.#cols = picker.querySelector(".picker__cols");
    this.#failed = failed;
    this.#cols.addEventListener("click", (event) => this.#jump(event));
  }

  // Fetch the rows once. Resolves also if they cannot be fetched; the next call then tries again.
  load() {
    this.#loading ??= getHtml(this.#cols.dataset.url).then(
      (html) => this.#show(parse(html)),
      () => {
        this.#loading = null;
        if (this.#isOpen) this.#failed();
      },
    );
    return this.#loading;
  }

  // Show the rows that match the search and the capability.
  filter() {
    const picker = this.#picker;
    if (!picker.list) return;
    const capability = picker.querySelector("input[name=capability]:checked").value;
    filter(picker, picker.search.value.trim(), capability);
    markSeries(picker);
  }

  // Make the model of `star` a favourite, or no longer one. Rejects as postChoice() does.
  async toggleFavourite(star) {
    const isOn = star.value === "on";
    await postChoice(star.formAction, { favourite: star.value });
    showFavourite(this.#picker, star.closest(".model"), isOn);
    this.filter();
  }

  // Bring the chosen model into view. The series is marked here too, because nothing scrolls if it
  // is in view already.
  showCurrent() {
    this.#cols.querySelector(".model[data-on]")?.scrollIntoView({ block: "center" });
    if (this.#picker.list) markSeries(this.#picker);
  }

  get #isOpen() {
    return this.#picker.form.matches(":popover-open");
  }

  #show(fragment) {
    const picker = this.#picker;
    this.#cols.replaceChildren(fragment);
    if (picker.notice.textContent === picker.dataset.failed) picker.notice.hidden = true;
    picker.list = this.#cols.querySelector(".picker__list");
    picker.index = this.#cols.querySelector(".picker__index");
    for (const name of ["scroll", "focusin"])
      picker.list.addEventListener(name, () => markSeries(picker), { passive: true });
    for (const row of this.#cols.querySelectorAll(".model")) mark(row, picker.dataset);
    this.filter();
    if (this.#isOpen) this.showCurrent();
  }

  #jump(event) {
    const link = event.target.closest(".picker__index a");
    if (!link) return;
    // The name of the series stays out of the page's address.
    event.preventDefault();
    showGroup(this.#cols.querySelector(link.hash));
  }
}

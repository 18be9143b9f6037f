// <model-table> is the table of models for administrators: switches that save at once, rows
// selected with boxes, a range with Shift, and J, K, X and Escape.
import { checkRange } from "lib/check_range";
import { fill } from "lib/dom";
import { failureText, post } from "lib/http";
import { pageSignal } from "lib/page_signal";
import { toast } from "lib/toast";

const boxOf = (element) => element.closest("tr")?.querySelector("[name=model]");

class ModelTable extends HTMLElement {
  connectedCallback() {
    this.all = this.querySelector("[data-all]");
    this.bulk = this.querySelector("[data-bulk]");
    this.end = this.querySelector("[data-end]");
    this.end.hidden = false;
    this.all.addEventListener("change", () => this.#check(this.all.checked));
    this.end.addEventListener("click", () => this.#check(false));
    checkRange(this, "[name=model]");
    this.addEventListener("change", () => this.#show());
    this.addEventListener("click", (event) => this.#switch(event));
    document.addEventListener("keydown", (event) => this.#key(event), { signal: pageSignal() });
    // The server takes `all` for what the filters leave; the boxes say the same here.
    this.all.removeAttribute("name");
    this.#show();
  }

  get #boxes() {
    return [...this.querySelectorAll("[type=checkbox][name=model]")];
  }

  #check(isOn) {
    for (const box of this.#boxes) box.checked = isOn;
    this.#show();
  }

  #show() {
    const n = this.#boxes.filter((box) => box.checked).length;
    this.all.checked = n > 0 && n === this.#boxes.length;
    this.all.indeterminate = n > 0 && !this.all.checked;
    this.bulk.hidden = n === 0;
    this.querySelector("[data-count]").textContent = fill(this.dataset.selected, { n });
  }

  #switch(event) {
    const button = event.target.closest("[role=switch]");
    if (!button) return;
    event.preventDefault();
    this.#save(button, button.ariaChecked !== "true");
  }

  async #save(button, isOn) {
    this.#draw(button, isOn);
    const fields = new URLSearchParams({ enabled: isOn ? "on" : "off" });
    const result = await post(button.formAction, fields).catch(() => null);
    if (!result?.ok) {
      this.#draw(button, !isOn);
      const { failed } = this.dataset;
      return toast(failureText(result, { textRefused: failed, textFailed: failed }));
    }
    const { switchedOn, switchedOff, undo } = this.dataset;
    const told = fill(isOn ? switchedOn : switchedOff, button.dataset);
    toast(told, { label: undo, run: () => this.#save(button, !isOn) });
  }

  #draw(button, isOn) {
    button.ariaChecked = String(isOn);
    button.value = isOn ? "off" : "on";
    button.closest("tr").classList.toggle("is-off", !isOn);
  }

  #key(event) {
    const { key, target, ctrlKey, metaKey, altKey } = event;
    const isField = target.matches("input:not([type=checkbox]), textarea, select");
    if (isField || ctrlKey || metaKey || altKey) return;
    const step = {
      j: () => this.#move(1),
      k: () => this.#move(-1),
      x: () => boxOf(target)?.click(),
    };
    const others = {
      Escape: () => this.#check(false),
      "/": () => document.querySelector("[role=search] [type=search]").focus(),
    };
    const run = { ...step, ...others }[key.length === 1 ? key.toLowerCase() : key];
    if (!run) return;
    if (key !== "Escape") event.preventDefault();
    run();
  }

  #move(by) {
    const boxes = this.#boxes;
    const box = boxOf(document.activeElement);
    boxes[box ? boxes.indexOf(box) + by : 0]?.focus();
  }
}

customElements.define("model-table", ModelTable);

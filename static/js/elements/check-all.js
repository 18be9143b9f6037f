// <check-all> is the box above a list of boxes that checks all of them; data-boxes is their name.
import { checkRange } from "lib/check_range";

class CheckAll extends HTMLElement {
  connectedCallback() {
    const form = this.closest("form");
    const all = this.querySelector("[data-all]");
    const selector = `[name="${this.dataset.boxes}"]`;
    const boxes = () => [...form.querySelectorAll(selector)];
    checkRange(form, selector);
    all.addEventListener("change", () => {
      for (const box of boxes()) box.checked = all.checked;
    });
    form.addEventListener("change", () => {
      const checked = boxes().filter((box) => box.checked).length;
      all.checked = checked === boxes().length;
      all.indeterminate = checked > 0 && !all.checked;
    });
  }
}

customElements.define("check-all", CheckAll);

// <check-all>: above a list with boxes: all of them at once, and Shift for a stretch.
import { checkRange } from "lib/check_range";

class CheckAll extends HTMLElement {
  connectedCallback() {
    const form = this.closest("form");
    const all = this.querySelector("[data-all]");
    const boxes = () => [...form.querySelectorAll("[name=conversation]")];
    checkRange(form, "[name=conversation]");
    all.addEventListener("change", () => boxes().forEach((box) => (box.checked = all.checked)));
    form.addEventListener("change", () => {
      const checked = boxes().filter((box) => box.checked).length;
      all.checked = checked === boxes().length;
      all.indeterminate = checked > 0 && !all.checked;
    });
  }
}

customElements.define("check-all", CheckAll);

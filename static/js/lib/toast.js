// Show a short message at the foot of the page, with at most one button: { label, run }.
import { byId, copyOf } from "lib/dom";

export function toast(text, action = null) {
  const element = copyOf("toast-template");
  element.querySelector("[data-text]").textContent = text;
  const button = element.querySelector("[data-action]");
  if (action) {
    button.hidden = false;
    button.textContent = action.label;
    button.addEventListener("click", () => {
      element.remove();
      action.run();
    });
  }
  byId("toasts").append(element);
}

// Ask for the variables of a snippet. Resolves to { name: value }, or to null if it was cancelled.
import { byId } from "lib/dom";

export function askForVariables(title, names) {
  const dialog = byId("snippet-dialog");
  const form = dialog.querySelector("form");
  const place = dialog.querySelector("[data-variables]");
  const template = dialog.querySelector("[data-variable]");
  const fields = names.map((name) => {
    const field = template.content.firstElementChild.cloneNode(true);
    field.querySelector("span").textContent = name;
    return field;
  });
  place.replaceChildren(...fields);
  dialog.querySelector("[data-title]").textContent = `/${title}`;
  return new Promise((resolve) => {
    let values = null;
    form.onsubmit = () => {
      values = Object.fromEntries(
        names.map((name, index) => [name, fields[index].querySelector("input").value]),
      );
    };
    dialog.querySelector("[data-cancel]").onclick = () => dialog.close();
    dialog.addEventListener("close", () => resolve(values), { once: true });
    dialog.showModal();
  });
}

// A choice in the model picker: sent to the server, and shown on the page.
import { post } from "lib/http";
import { mark } from "lib/model_list";

// Send a choice. Rejects if the server refuses it, with the server's sentence as the cause.
export async function postChoice(url, fields) {
  const { ok, data } = await post(url, new URLSearchParams(fields));
  if (!ok) throw new Error("refused", { cause: data?.error?.message });
}

// Show the chosen model on the picker's button, in the forms of the page and in the rows. `edit` is
// the page where what it sees is changed, for those who may.
export function showChoice(picker, chosen, { label, sees, noTools, edit = "" }) {
  Object.assign(picker.dataset, chosen, { label, edit });
  picker.toggleAttribute("data-sees", sees !== undefined);
  picker.toggleAttribute("data-no-tools", noTools !== undefined);
  const { opener } = picker;
  opener.ariaLabel = picker.dataset.buttonName.replace("{name}", () => label);
  opener.classList.remove("model-btn--gone");
  opener.querySelector("[data-model-label]").textContent = label;
  for (const name of ["model", "connection"])
    for (const field of document.querySelectorAll(`[data-chosen-${name}]`))
      field.value = chosen[name];
  for (const row of picker.querySelectorAll(".model")) mark(row, chosen);
}

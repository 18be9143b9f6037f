// The chips of the files beside a message: made, sent, settled or refused.
import { announce } from "lib/announcer";
import { copyOf, fill } from "lib/dom";
import { upload } from "lib/upload";

export function makeChip(name) {
  const chip = copyOf("attachment-template");
  chip.querySelector("[data-name]").textContent = name;
  const remove = chip.querySelector("[data-remove]");
  remove.ariaLabel = fill(remove.ariaLabel, { name });
  return chip;
}

function showFacts(chip, text) {
  chip.querySelector("[data-facts]").textContent = text;
}

// Upload the file of a chip, which shows the progress. Resolves as upload() does, or to null.
export async function uploadFor(chip, file, { url, textUploading }) {
  chip.dataset.busy = "";
  chip.stop = new AbortController();
  const tell = (part) => showFacts(chip, fill(textUploading, { n: Math.round(part * 100) }));
  const result = await upload(url, file, tell, chip.stop.signal).catch(() => null);
  delete chip.dataset.busy;
  return result;
}

// Show that the server has the file, and put the file's id into the form.
export function settle(chip, file) {
  chip.file = file;
  showFacts(chip, file.facts);
  const field = chip.querySelector("input");
  field.value = file.id;
  field.disabled = false;
  if (file.kind !== "image") return;
  const image = document.createElement("img");
  image.src = file.url;
  image.alt = "";
  chip.querySelector("[data-icon]").replaceChildren(image);
}

export function refuse(chip, reason) {
  chip.classList.add("is-refused");
  showFacts(chip, reason);
  announce(`${chip.querySelector("[data-name]").textContent}: ${reason}`);
}

// Mark an image that the model of `picker` cannot see, with a link for those who can change that;
// undefined removes the mark.
export function markUnreadable(chip, picker, text) {
  if (chip.file?.kind !== "image") return;
  const isUnreadable = picker !== undefined;
  chip.classList.toggle("is-refused", isUnreadable);
  showFacts(chip, isUnreadable ? fill(text, { model: picker.label }) : chip.file.facts);
  const link = chip.querySelector("[data-change]");
  if (!link) return;
  link.hidden = !picker?.edit;
  if (picker?.edit) link.href = picker.edit;
}

// Errors of fields, shown below them: <input id="x"> has its <p id="x-error">.
import { byId } from "lib/dom";

// A number field says in its data what it takes. The server checks again, and has the last word.
export function isWrong(field) {
  const { min, max, whole } = field.dataset;
  if (min === undefined || field.value.trim() === "") return false;
  const value = numberIn(field.value, whole !== undefined);
  return (
    !(value >= Number(min) && value <= Number(max)) ||
    (whole !== undefined && !Number.isInteger(value))
  );
}

// NaN for what is no number. A decimal comma counts, because some phones offer no point.
function numberIn(text, isWhole) {
  const plain = text.normalize("NFKC").trim();
  return Number(isWhole ? plain : plain.replace(",", "."));
}

export const isMarked = (field) => field.getAttribute("aria-invalid") === "true";

export function mark(field, sentence) {
  field.setAttribute("aria-invalid", "true");
  byId(`${field.id}-error`).textContent = sentence;
}

export function checkField(field) {
  if (isWrong(field)) mark(field, field.dataset.textWrong);
}

// Take the sentence back, and return it.
export function unmark(field) {
  const line = byId(`${field.id}-error`);
  const sentence = line.textContent;
  field.removeAttribute("aria-invalid");
  line.textContent = "";
  return sentence;
}

// The keys of the model picker: up and down through its rows, right and left within one, F for the
// star, Escape, and letters for the search.
import { move, moveInRow } from "lib/model_list";

// Return the step that a key takes, as a function to call once the rows are there; undefined for
// any other key. A letter that is pressed on a row goes to the search field.
export function stepFor(picker, event) {
  const { key, target } = event;
  if (
    event.isComposing ||
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    target.type === "radio"
  )
    return undefined;
  // WebKit keeps Escape in a search field for itself.
  if (key === "Escape") picker.form.hidePopover();
  const row = target.closest(".model");
  const steps = {
    ArrowDown: () => move(picker, row, 1),
    ArrowUp: () => move(picker, row, -1),
  };
  if (row) Object.assign(steps, stepsInRow(row, target));
  if (row && !steps[key] && key.length === 1 && key !== " ") picker.search.focus();
  return steps[key];
}

function stepsInRow(row, control) {
  const star = () => row.querySelector(".star").click();
  return {
    ArrowRight: () => moveInRow(row, control, 1),
    ArrowLeft: () => moveInRow(row, control, -1),
    f: star,
    F: star,
  };
}

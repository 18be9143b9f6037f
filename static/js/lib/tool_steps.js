// The tool calls in a running answer, which are fetched again when a frame tells that they changed.
import { Fragments } from "lib/fragments";

const fragments = new Fragments();

// Return the ids of the calls that the user has unfolded.
export const unfolded = (root) =>
  [...root.querySelectorAll("[data-call][open]")].map(({ dataset }) => dataset.call);

export function unfold(root, calls) {
  for (const step of root.querySelectorAll("[data-call]")) {
    if (!calls.includes(step.dataset.call)) continue;
    step.open = true;
    step.closest(".steps").open = true;
  }
}

// `count` is the number of changes of the calls so far.
export function renewSteps(article, count) {
  const area = article.querySelector("[data-steps]");
  if (!area || Number(area.dataset.changes) >= count) return;
  area.dataset.changes = count;
  fragments.show(area.dataset.steps, (fragment) => {
    if (!area.isConnected) return;
    const isFolded = area.querySelector(".steps:not([open])") !== null;
    const open = unfolded(area);
    area.replaceChildren(...fragment.childNodes);
    if (isFolded) area.querySelector(".steps").open = false;
    else unfold(area, open);
  });
}

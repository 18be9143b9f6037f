// The trail in a running answer, which is fetched again when a frame tells that its tool calls
// changed; and what a user has done to it, which stays when it is replaced.
import { showEdits } from "lib/approvals";
import { Fragments } from "lib/fragments";

const fragments = new Fragments();
const callIn = (root, id) => root.querySelector(`[data-call="${CSS.escape(id)}"]`);
const asks = (step) => step.matches(".step--waiting");
const fieldsOf = (step) => [...step.querySelectorAll(".ask .input")];

// Return what `restoreTrail` puts back: what is unfolded against the server's choice, what is
// typed, and the place of the focus.
export function saveTrail(root) {
  const trail = root.querySelector(".steps");
  const steps = [...root.querySelectorAll("[data-call]")];
  const focused = document.activeElement;
  const call = root.contains(focused) ? focused.closest("[data-call]") : null;
  return {
    isOpen: trail && trail.open !== "opened" in trail.dataset ? trail.open : null,
    isFocused: trail?.contains(focused) ?? false,
    focus: call && { id: call.dataset.call, name: focused.name },
    isReasoning: root.querySelector("[data-reasoning]")?.open,
    open: steps.filter(({ open }) => open).map((step) => [step.dataset.call, asks(step)]),
    typed: new Map(
      steps.map((step) => [step.dataset.call, fieldsOf(step).map(({ value }) => value)]),
    ),
  };
}

export function restoreTrail(root, saved) {
  const trail = root.querySelector(".steps");
  if (!trail) return;
  // A question that was answered meanwhile is folded.
  const steps = saved.open.map(([id, asked]) => [callIn(root, id), asked]);
  const unfolded = steps.filter(([step, asked]) => step && !step.open && asks(step) === asked);
  for (const [step] of unfolded) step.open = true;
  for (const [id, values] of saved.typed) {
    const step = callIn(root, id);
    const fields = step ? fieldsOf(step) : [];
    fields.forEach((field, index) => {
      field.value = values[index] ?? field.value;
    });
    if (fields.length) showEdits(step);
  }
  if (saved.isReasoning) root.querySelector("[data-reasoning]")?.setAttribute("open", "");
  if (saved.isOpen !== null) trail.open = saved.isOpen;
  if (saved.isFocused || unfolded.length) trail.open = true;
  if (saved.isFocused) focusIn(trail, saved.focus);
}

function focusIn(trail, place) {
  const step = place && callIn(trail, place.id);
  const field = place?.name && step?.querySelector(`[name="${CSS.escape(place.name)}"]`);
  (field ?? (step ?? trail).querySelector("summary")).focus({ preventScroll: true });
}

// `count` is the number of changes of the calls so far; `shown` is called after the change.
export function renewSteps(article, count, shown) {
  const area = article.querySelector("[data-steps]");
  if (!area || Number(area.dataset.changes) >= count) return;
  area.dataset.changes = count;
  fragments.show(area.dataset.steps, (fragment) => {
    if (!area.isConnected) return;
    const saved = saveTrail(area);
    // Patches append to the reasoning, so that the page knows it better than the fragment.
    const reasoning = area.querySelector("[data-reasoning-text]")?.textContent;
    area.replaceChildren(...fragment.childNodes);
    const text = area.querySelector("[data-reasoning-text]");
    if (text && reasoning) text.textContent = reasoning;
    restoreTrail(area, saved);
    shown();
  });
}

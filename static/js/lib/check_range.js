// Boxes in a list: a click with Shift checks the stretch from the last one; arrows go from box to box.
export function checkRange(list, selector) {
  let anchor = null;
  const boxes = () => [...list.querySelectorAll(selector)];

  const stretch = (from, to, isChecked) => {
    const all = boxes();
    const [first, last] = [all.indexOf(from), all.indexOf(to)].sort((a, b) => a - b);
    if (first < 0) return;
    for (const box of all.slice(first, last + 1)) box.checked = isChecked;
  };

  list.addEventListener("click", ({ target, shiftKey }) => {
    if (!target.matches(selector)) return;
    if (shiftKey && anchor) stretch(anchor, target, target.checked);
    anchor = target;
  });
  list.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by || event.altKey || !event.target.matches(selector)) return;
    event.preventDefault();
    const next = boxes()[boxes().indexOf(event.target) + by];
    if (!next) return;
    next.focus();
    if (!event.shiftKey) return;
    stretch(event.target, next, true);
    next.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

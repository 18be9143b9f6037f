// Add keys to the boxes of a list: a click with Shift checks all boxes from the last one on, and
// the arrow keys move from box to box.
export function checkRange(list, selector) {
  let anchor = null;
  const boxes = () => [...list.querySelectorAll(selector)];

  const checkAll = (from, to, isChecked) => {
    const all = boxes();
    const [first, last] = [all.indexOf(from), all.indexOf(to)].sort((a, b) => a - b);
    if (first < 0) return;
    for (const box of all.slice(first, last + 1)) box.checked = isChecked;
  };

  list.addEventListener("click", ({ target, shiftKey }) => {
    if (!target.matches(selector)) return;
    if (shiftKey && anchor) checkAll(anchor, target, target.checked);
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
    checkAll(event.target, next, true);
    next.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

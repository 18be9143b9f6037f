// The ticks of <turn-rail>: one element for each turn, which lives as long as the turn.
const LABEL = 90;

export class RailTicks {
  #list;
  #items = new WeakMap();

  constructor(list) {
    this.#list = list;
  }

  // Show the ticks of `turns` and mark that of `current`. The list is not touched if it has them
  // already, because the focus may be on one of its links.
  show(turns, current) {
    const shown = turns.map((turn) => this.#item(turn));
    for (const item of shown) mark(item.firstElementChild, item === this.#items.get(current));
    const { children } = this.#list;
    if (shown.length === children.length && shown.every((item, n) => item === children[n])) return;
    const focused = this.#list.contains(document.activeElement) ? document.activeElement : null;
    this.#list.replaceChildren(...shown);
    focused?.focus();
  }

  #item(turn) {
    if (!this.#items.has(turn)) this.#items.set(turn, itemFor(turn));
    return this.#items.get(turn);
  }
}

function itemFor(turn) {
  const item = document.createElement("li");
  const link = item.appendChild(document.createElement("a"));
  const label = link.appendChild(document.createElement("span"));
  link.href = `#${turn.id}`;
  label.textContent = turn.querySelector("[data-text]").textContent.trim().slice(0, LABEL);
  return item;
}

function mark(link, isCurrent) {
  if (isCurrent) link.setAttribute("aria-current", "true");
  else link.removeAttribute("aria-current");
}

// The rows of the model picker: which of them a search leaves, the steps between them, the chosen
// one.

// Show the rows that match, and the series that have some of them, with their number. `wanted` is a
// capability or "".
export function filter(picker, query, wanted) {
  for (const row of picker.querySelectorAll(".model"))
    row.hidden = !matches(row.dataset, query, wanted);
  for (const group of picker.querySelectorAll(".picker__group")) {
    const count = group.querySelectorAll(".model:not([hidden])").length;
    const link = picker.querySelector(`a[href="#${group.id}"]`);
    group.hidden = count === 0;
    link.hidden = count === 0;
    link.querySelector(".n").textContent = count;
  }
  picker.querySelector("[data-empty]").hidden = shownPicks(picker).length > 0;
}

function matches({ words, capability }, query, wanted) {
  if (wanted && capability !== wanted) return false;
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => words.includes(word));
}

function shownPicks(picker) {
  const shown = ".picker__group:not([hidden]) .model:not([hidden]) .model__pick";
  return [...picker.querySelectorAll(shown)];
}

// Choose the first model of the shown ones that can be chosen.
export function chooseFirst(picker) {
  shownPicks(picker)
    .find((pick) => pick.ariaDisabled !== "true")
    ?.click();
}

// Focus the row below (1) or above (-1) `row`; above the first row is the search.
export function move(picker, row, step) {
  const picks = shownPicks(picker);
  const to = picks.indexOf(row?.querySelector(".model__pick")) + step;
  if (to < 0) picker.search.focus();
  else picks[to]?.focus();
}

// Focus the control after (1) or before (-1) `control` in its row.
export function moveInRow(row, control, step) {
  const controls = [...row.querySelectorAll("button")];
  controls[controls.indexOf(control) + step]?.focus();
}

// Scroll a series to the top and focus its first row.
export function showGroup(group) {
  group.scrollIntoView({ block: "start" });
  group.querySelector(".model:not([hidden]) .model__pick").focus({ preventScroll: true });
}

// Mark the series that is being read: that of the focused row or of the chosen one while the row is
// in view, else the one at the top.
export function markSeries({ index, list }) {
  const { top, bottom } = list.getBoundingClientRect();
  const topOf = (element) => element.getBoundingClientRect().top;
  const isSeen = (one) => one && !one.hidden && topOf(one) >= top && topOf(one) < bottom;
  const focused = document.activeElement.closest(".picker__group .model");
  const row = [focused, list.querySelector(".model[data-on]")].find(isSeen);
  const groups = [...list.querySelectorAll(".picker__group:not([hidden])")];
  const group =
    row?.closest(".picker__group") ?? groups.findLast((one) => topOf(one) <= top + 1) ?? groups[0];
  for (const link of index.children) {
    const isCurrent = link.hash === `#${group?.id}`;
    link.ariaCurrent = isCurrent ? "true" : null;
    if (isCurrent) index.scrollLeft = link.offsetLeft - index.offsetLeft - index.clientWidth / 3;
  }
}

// Mark `row` if its model is the chosen one, and the connection through which it is used.
export function mark(row, chosen) {
  const isCurrent = row.dataset.model === chosen.model;
  row.toggleAttribute("data-on", isCurrent);
  const through = [...row.querySelectorAll("[data-connection]")];
  const used = through.find((one) => one.dataset.connection === chosen.connection) ?? through[0];
  for (const button of [row.querySelector(".model__pick"), ...through]) {
    const isUsed = isCurrent && (button === used || !through.includes(button));
    button.ariaCurrent = isUsed ? "true" : null;
  }
}

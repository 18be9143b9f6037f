// The list of the model picker: which rows a search leaves, the way between them, the one in use.

/** Whether every word of `query` stands in `words`, and the capability is the wanted one, if any. */
export function matches({ words, capability }, query, wanted) {
  if (wanted && capability !== wanted) return false;
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => words.includes(word));
}

/** Show what matches, with the series that have some of it and how many. */
export function filter(picker, query, wanted) {
  for (const row of picker.querySelectorAll(".model"))
    row.hidden = !matches(row.dataset, query, wanted);
  for (const group of picker.querySelectorAll(".picker__group")) {
    const count = group.querySelectorAll(".model:not([hidden])").length;
    const link = picker.querySelector(`a[href="#${group.id}"]`);
    group.hidden = link.hidden = count === 0;
    link.querySelector(".n").textContent = count;
  }
  picker.querySelector("[data-empty]").hidden = shownPicks(picker).length > 0;
}

/** The buttons of the shown rows, from the top. */
export function shownPicks(picker) {
  return [
    ...picker.querySelectorAll(".picker__group:not([hidden]) .model:not([hidden]) .model__pick"),
  ];
}

/** Go a row down (1) or up (-1) from `row`; above the first stands the search. */
export function move(picker, row, step) {
  const picks = shownPicks(picker);
  const to = picks.indexOf(row?.querySelector(".model__pick")) + step;
  if (to < 0) picker.search.focus();
  else picks[to]?.focus();
}

/** Go to the control before (-1) or after (1) `control` in its row. */
export function moveInRow(row, control, step) {
  const controls = [...row.querySelectorAll("button")];
  controls[controls.indexOf(control) + step]?.focus();
}

/** Bring a series to the top and go to its first row. */
export function showGroup(group) {
  group.scrollIntoView({ block: "start" });
  group.querySelector(".model:not([hidden]) .model__pick").focus({ preventScroll: true });
}

/** Mark the series that is read: that of the focused row while it is in sight, else the one at the top. */
export function markSeries({ index, list }) {
  const { top, bottom } = list.getBoundingClientRect();
  const topOf = (element) => element.getBoundingClientRect().top;
  const row = document.activeElement.closest(".picker__group .model");
  const isSeen = row && topOf(row) >= top && topOf(row) < bottom;
  const groups = [...list.querySelectorAll(".picker__group:not([hidden])")];
  const group = isSeen
    ? row.closest(".picker__group")
    : (groups.findLast((one) => topOf(one) <= top + 1) ?? groups[0]);
  for (const link of index.children) {
    const isCurrent = link.hash === `#${group?.id}`;
    link.ariaCurrent = isCurrent ? "true" : null;
    if (isCurrent) index.scrollLeft = link.offsetLeft - index.offsetLeft - index.clientWidth / 3;
  }
}

/** Show whether `row` is the one in use, and through which connection. */
export function mark(row, chosen) {
  const isCurrent = row.dataset.model === chosen.model;
  row.toggleAttribute("data-on", isCurrent);
  const through = [...row.querySelectorAll("[data-connection]")];
  const used = through.find((one) => one.dataset.connection === chosen.connection) ?? through[0];
  for (const button of [row.querySelector(".model__pick"), ...through]) {
    button.ariaCurrent =
      isCurrent && (button === used || !through.includes(button)) ? "true" : null;
  }
}

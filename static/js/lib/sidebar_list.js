// The rows of the sidebar as elements: find, make, fill and place them.
import { copyOf, withId } from "lib/dom";

export class SidebarList {
  constructor(element) {
    this.element = element;
  }

  find(id) {
    return this.element.querySelector(`[data-id="${CSS.escape(id)}"]`);
  }

  // Show a `conversation` frame. Returns false if only the server knows the place of the row.
  update(frame) {
    if (frame.deleted || frame.archived) return this.remove(frame.id);
    const row = this.find(frame.id);
    const shown = row ?? this.#make(frame.id);
    const was = row && placeOf(row);
    const hasMoved = row && Date.parse(frame.active_at) > activeAt(row);
    fillRow(shown, frame);
    if (placeOf(shown) === was && !(hasMoved && was !== "pinned")) return true;
    return this.#put(shown, row);
  }

  remove(id) {
    const row = this.find(id);
    const group = row?.closest("[data-group]");
    row?.remove();
    if (group) tidy(group);
    return true;
  }

  // Join a group with the one above it, because the next page of the list may begin with the group
  // that the page before ended with.
  merge() {
    for (const group of this.element.querySelectorAll("[data-recent]")) {
      const before = group.previousElementSibling;
      if (!before || before.dataset.group !== group.dataset.group) continue;
      before.querySelector("ul").append(...group.querySelectorAll("li"));
      group.remove();
    }
  }

  markCurrent() {
    for (const row of this.element.querySelectorAll(".conv")) {
      const link = row.querySelector("a");
      link.ariaCurrent = link.pathname === location.pathname ? "page" : null;
      showUnread(row);
    }
  }

  #make(id) {
    const row = copyOf("row-template");
    row.dataset.id = id;
    row.querySelector("a").href = withId(this.element.dataset.openUrl, id);
    return row;
  }

  #put(row, old) {
    const group = old?.closest("[data-group]");
    const isThere = this.#place(row);
    if (group) tidy(group);
    return isThere;
  }

  #place(row) {
    const place = placeOf(row);
    if (place === "pinned") return this.#pin(row);
    if (place) return this.#file(row, place);
    if (activeAt(row) < this.#newest(row)) return false;
    this.#today().prepend(row);
    this.element.querySelector("[data-empty]")?.remove();
    return true;
  }

  #pin(row) {
    const section = this.element.querySelector('[data-group="pinned"]');
    section.hidden = false;
    return insert(section.querySelector("ul"), row, (one) => Date.parse(one.dataset.pinnedAt));
  }

  // Place a row in its folder; it goes out of view if the folder is folded.
  #file(row, folder) {
    const list = this.element.querySelector(`[data-rows="${CSS.escape(folder)}"]`);
    if (!list) {
      row.remove();
      return true;
    }
    list.querySelector("[data-nothing]")?.remove();
    return insert(list, row, activeAt);
  }

  #newest(row) {
    const others = [...this.element.querySelectorAll("[data-recent] .conv")];
    const first = others.find((one) => one !== row);
    return first ? activeAt(first) : -Infinity;
  }

  #today() {
    const first = this.element.querySelector("[data-recent]");
    if (first?.dataset.group === "today") return first.querySelector("ul");
    const group = copyOf("group-template");
    if (first) first.before(group);
    else this.element.querySelector("[data-folders]").after(group);
    return group.querySelector("ul");
  }
}

const activeAt = (row) => Date.parse(row.dataset.activeAt);
// Return "pinned", the id of a folder, or "" for the groups by day.
const placeOf = ({ dataset }) => (dataset.pinnedAt ? "pinned" : (dataset.in ?? ""));

// Insert a row before the first one that is older, or before the button that loads more.
function insert(list, row, time) {
  const rows = [...list.querySelectorAll(":scope > .conv")].filter((one) => one !== row);
  const next =
    rows.find((one) => time(one) <= time(row)) ?? list.querySelector(":scope > [data-more]");
  list.insertBefore(row, next);
  return true;
}

function tidy(group) {
  const isEmpty = !group.querySelector("li");
  if (group.dataset.group === "pinned") group.hidden = isEmpty;
  else if (isEmpty) group.remove();
}

export function fillRow(row, { title, answering, waiting, unread, active_at, pinned_at, folder }) {
  for (const place of row.querySelectorAll("[data-title]")) place.textContent = title;
  row.querySelector("a").title = title;
  row.querySelector(".conv__check").ariaLabel = title;
  if (answering === undefined) return;
  row.dataset.activeAt = active_at;
  setOrDelete(row, "pinnedAt", pinned_at);
  setOrDelete(row, "in", folder);
  row.toggleAttribute("data-unread", unread && !answering && !waiting);
  row.querySelector(".conv__live").hidden = !answering;
  row.querySelector(".conv__wait").hidden = !waiting;
  showUnread(row);
}

// A conversation that is open in a visible tab does not count as unread.
function showUnread(row) {
  const isSeen = row.querySelector("a").ariaCurrent === "page" && !document.hidden;
  row.querySelector(".conv__new").hidden = isSeen || !("unread" in row.dataset);
}

function setOrDelete({ dataset }, name, value) {
  if (value) dataset[name] = value;
  else delete dataset[name];
}

// The rows of the list, as elements: found, made, filled, moved to where their time belongs.
import { copyOf, withId } from "lib/dom";

export class SidebarList {
  constructor(element) {
    this.element = element;
  }

  find(id) {
    return this.element.querySelector(`[data-id="${CSS.escape(id)}"]`);
  }

  // Show what a `conversation` frame says. False when only the server knows where it belongs.
  update(frame) {
    if (frame.deleted) return this.remove(frame.id);
    const row = this.find(frame.id);
    const moment = Date.parse(frame.active_at);
    if (!row && moment < this.#newest()) return false;
    const shown = row ?? this.#make(frame.id);
    fillRow(shown, frame);
    if (!row || moment > activeAt(row)) this.#toTop(shown, frame.active_at);
    return true;
  }

  remove(id) {
    const row = this.find(id);
    const group = row?.closest("[data-group]");
    row?.remove();
    if (group && !group.querySelector("li")) group.remove();
    return true;
  }

  // A page that was loaded may go on with the group that the last one ended in.
  merge() {
    for (const group of this.element.querySelectorAll("[data-group]")) {
      const before = group.previousElementSibling;
      if (!before || before.dataset.group !== group.dataset.group) continue;
      before.querySelector("ul").append(...group.querySelectorAll("li"));
      group.remove();
    }
  }

  markCurrent() {
    for (const link of this.element.querySelectorAll("a.conv__link"))
      link.ariaCurrent = link.pathname === location.pathname ? "page" : null;
  }

  #newest() {
    const first = this.element.querySelector("[data-active-at]");
    return first ? activeAt(first) : -Infinity;
  }

  #make(id) {
    const row = copyOf("row-template");
    row.dataset.id = id;
    row.querySelector("a").href = withId(this.element.dataset.openUrl, id);
    return row;
  }

  // Whatever was active last stands first, today.
  #toTop(row, moment) {
    const old = row.closest("[data-group]");
    row.dataset.activeAt = moment;
    this.#today().prepend(row);
    if (old && !old.querySelector("li")) old.remove();
    this.element.querySelector("[data-empty]")?.remove();
  }

  #today() {
    const first = this.element.querySelector("[data-group]");
    if (first?.dataset.group === "today") return first.querySelector("ul");
    const group = copyOf("group-template");
    this.element.prepend(group);
    return group.querySelector("ul");
  }
}

const activeAt = (row) => Date.parse(row.dataset.activeAt);

export function fillRow(row, { title, answering, unread }) {
  for (const place of row.querySelectorAll("[data-title]")) place.textContent = title;
  row.querySelector("a").title = title;
  if (answering === undefined) return;
  row.querySelector(".conv__live").hidden = !answering;
  row.querySelector(".conv__new").hidden = !unread || answering;
}

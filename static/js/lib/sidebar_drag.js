// Drag rows of the sidebar: conversations into folders and out of them, folders to another place
// or into another folder.
import { change } from "lib/conversation_actions";
import { placeFolder } from "lib/folder_actions";

const MARKS = ["is-into", "is-before", "is-after"];
const selected = (list) =>
  [...list.querySelectorAll(".conv:has(:checked)")].map((row) => row.dataset.id);

export function dragRows(list) {
  let dragged = null;
  let target = null;

  const mark = (found) => {
    target?.element.classList.remove(...MARKS);
    target = found;
    target?.element.classList.add(`is-${target.how}`);
  };

  list.addEventListener("dragstart", ({ target: start }) => {
    const folder = start.closest?.(".folder__head")?.parentElement;
    const row = start.closest?.(".conv");
    const ids = row ? selected(list) : [];
    if (folder) dragged = { folder };
    else if (row) dragged = { ids: ids.includes(row.dataset.id) ? ids : [row.dataset.id] };
  });
  list.addEventListener("dragover", (event) => {
    if (dragged === null) return;
    mark(dragged.folder ? besideFolder(dragged.folder, event) : intoPlace(event));
    if (target) event.preventDefault();
  });
  list.addEventListener("drop", (event) => {
    if (!dragged || !target) return;
    event.preventDefault();
    if (dragged.folder) dropFolder(dragged.folder.dataset.folder, target);
    else drop(dragged.ids, target.element.dataset);
  });
  list.addEventListener("dragend", () => {
    mark(null);
    dragged = null;
  });
}

// Return the folder, or the group of pinned or recent conversations, that a conversation is dragged
// over.
function intoPlace({ target }) {
  const element = target.closest("[data-folder]") ?? target.closest("[data-group]");
  return element && { element, how: "into" };
}

function drop(ids, { folder, group }) {
  if (folder) change(ids, "move", { folder });
  else if (group === "pinned") change(ids, "pin");
  else change(ids, "move", { folder: "" });
}

// Return the place before or after a folder for its edges, and inside it for its middle.
function besideFolder(dragged, { target, clientY }) {
  const element = target.closest("[data-folder]");
  if (!element || dragged.contains(element)) return null;
  const { top, height } = element.querySelector(".folder__head").getBoundingClientRect();
  const part = (clientY - top) / height;
  const canNest = !("parent" in element.dataset) && !dragged.querySelector("[data-parent]");
  if (canNest && part > 0.3 && part < 0.7) return { element, how: "into" };
  return { element, how: part < 0.5 ? "before" : "after" };
}

function dropFolder(id, { element, how }) {
  if (how === "into") return placeFolder(id, element.dataset.folder);
  const before = how === "before" ? element : element.nextElementSibling;
  placeFolder(id, element.dataset.parent ?? "", before?.dataset.folder ?? "");
}

// <folder-menu> is the menu of a folder in the sidebar. It also folds and unfolds the folders.
import {
  askForFolder,
  deleteFolder,
  folderPage,
  renameFolder,
  shiftFolder,
} from "lib/folder_actions";
import { moveFolder } from "lib/moving";
import { setUnfolded } from "lib/unfolded";

const STEPS = { ArrowUp: -1, ArrowDown: 1 };

class FolderMenu extends HTMLElement {
  #folder = null;

  connectedCallback() {
    this.list = document.querySelector("conversation-list");
    for (const open of this.list.querySelectorAll("[data-rows]"))
      setUnfolded(open.dataset.rows, true);
    this.#tellState();
    document.addEventListener(
      "click",
      ({ target }) => this.#choose(target.closest(".folder .folder__head .conv__more")),
      true,
    );
    this.list.addEventListener("click", (event) => this.#fold(event));
    this.list.addEventListener("keydown", (event) => this.#shift(event));
    this.list.addEventListener("rows-changed", () => this.#tellState());
    this.addEventListener("click", ({ target }) => {
      const item = target.closest("button");
      if (item) this.#act(item.dataset);
    });
  }

  // With scripts a folder's link unfolds the folder, so it tells whether it is unfolded; the page
  // of the folder is opened from the menu.
  #tellState() {
    for (const link of this.list.querySelectorAll(".folder__link"))
      link.ariaExpanded = link.dataset.isOpen;
  }

  #fold(event) {
    const link = event.target.closest(".folder__link");
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    setUnfolded(link.closest("[data-folder]").dataset.folder, link.dataset.isOpen !== "true");
    this.list.refreshFolders();
  }

  #shift(event) {
    const folder = event.altKey && event.target.closest(".folder__link")?.closest("[data-folder]");
    const by = STEPS[event.key];
    if (!folder || !by) return;
    event.preventDefault();
    event.stopPropagation();
    shiftFolder(folder.dataset.folder, by);
  }

  #choose(button) {
    if (!button) return;
    this.#folder = button.closest("[data-folder]");
    this.querySelector("[data-open]").href = folderPage(this.#folder.dataset.folder);
    this.querySelector("[data-add]").hidden = "parent" in this.#folder.dataset;
  }

  #act(item) {
    const { folder: id } = this.#folder.dataset;
    const name = this.#folder.querySelector("[data-name]");
    this.hidePopover();
    if ("rename" in item) renameFolder(name, id);
    if ("add" in item) askForFolder(this.#folder.querySelector(".folder__head"), id);
    if ("move" in item) moveFolder(id);
    if ("delete" in item) deleteFolder(id, name.textContent);
    if (item.by) shiftFolder(id, item.by);
  }
}

customElements.define("folder-menu", FolderMenu);

// <conversation-list> is the list of the sidebar. Frames of the socket keep it current in every
// tab.
import { openId } from "lib/conversation_actions";
import { askForFolder } from "lib/folder_actions";
import { getHtml } from "lib/http";
import { live } from "lib/live";
import { dragRows } from "lib/sidebar_drag";
import { SidebarList } from "lib/sidebar_list";

class ConversationList extends HTMLElement {
  #list = new SidebarList(this);
  #wasGreeted = false;

  connectedCallback() {
    live().addEventListener("hello", () => this.#greeted());
    live().addEventListener("conversation", ({ detail }) => this.#update(detail));
    live().addEventListener("conversations", () => this.refresh());
    live().addEventListener("folders", () => this.refreshFolders());
    addEventListener("pageshow", ({ persisted }) => persisted && this.refresh());
    document.addEventListener("page-changed", () => this.#arrived());
    document.addEventListener("visibilitychange", () => this.#list.markCurrent());
    this.addEventListener("htmx:afterSwap", () => this.#loaded());
    this.addEventListener("click", ({ target }) => {
      if (target.closest("[data-new-folder]")) askForFolder(target.closest("h2"));
    });
    dragRows(this);
  }

  get rows() {
    return [...this.querySelectorAll(".conv")];
  }

  async refresh() {
    const html = await getHtml(this.dataset.url).catch(() => null);
    if (html === null) return;
    const top = this.scrollTop;
    this.innerHTML = html;
    this.scrollTop = top;
    this.#renewed(this);
  }

  // Fetch the folders alone. The focus stays on the folder that has it.
  async refreshFolders() {
    const hasAll = this.querySelector("[data-folders]:not(:has([data-all-folders]))") !== null;
    const html = await getHtml(`${this.dataset.foldersUrl}${hasAll ? "?all=1" : ""}`).catch(
      () => null,
    );
    if (html === null) return;
    const focused = document.activeElement?.closest("[data-folder]")?.dataset.folder;
    this.querySelector("[data-folders]").outerHTML = html;
    this.#renewed(this.querySelector("[data-folders]"));
    if (focused)
      this.querySelector(`[data-folder="${CSS.escape(focused)}"] .folder__link`)?.focus();
  }

  // The first greeting needs no refresh, because the page came with the list; each later one means
  // that frames were lost.
  #greeted() {
    if (this.#wasGreeted) this.refresh();
    this.#wasGreeted = true;
  }

  #renewed(part) {
    htmx.process(part);
    this.#loaded();
  }

  #loaded() {
    this.#list.merge();
    this.#list.markCurrent();
    this.dispatchEvent(new CustomEvent("rows-changed", { bubbles: true }));
  }

  // Follow a change of the page, after which another conversation is open, or none.
  #arrived() {
    this.dataset.current = openId() ?? "";
    this.#list.markCurrent();
  }

  #update(frame) {
    if (!this.#list.update(frame)) this.refresh();
    if (frame.id === this.dataset.current) {
      this.dispatchEvent(new CustomEvent("conversation-changed", { bubbles: true, detail: frame }));
      this.#list.markCurrent();
    }
    this.dispatchEvent(new CustomEvent("rows-changed", { bubbles: true }));
  }
}

customElements.define("conversation-list", ConversationList);

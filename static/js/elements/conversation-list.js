// <conversation-list>: the sidebar's list, live in every tab; its rows are renamed and deleted here.
import { editTitle, remove } from "lib/conversation_actions";
import { byId } from "lib/dom";
import { getHtml } from "lib/http";
import { live } from "lib/live";
import { fillRow, SidebarList } from "lib/sidebar_list";

class ConversationList extends HTMLElement {
  #list = new SidebarList(this);
  #wasGreeted = false;
  #row = null;

  connectedCallback() {
    live().addEventListener("hello", () => this.#greeted());
    live().addEventListener("conversation", ({ detail }) => this.#update(detail));
    addEventListener("pageshow", ({ persisted }) => persisted && this.#refresh());
    document.addEventListener("page-changed", () => this.#arrived());
    this.addEventListener("htmx:afterSwap", () => this.#list.merge());
    this.addEventListener("click", ({ target }) => this.#choose(target.closest(".conv__more")), true);
    const menu = byId("row-menu");
    menu.querySelector("[data-rename]").addEventListener("click", () => this.#rename(menu));
    menu.querySelector("[data-delete]").addEventListener("click", () => this.#delete(menu));
  }

  // The page came with the list as it was; every later greeting means that frames were missed.
  #greeted() {
    if (this.#wasGreeted) this.#refresh();
    this.#wasGreeted = true;
  }

  async #refresh() {
    this.innerHTML = await getHtml(this.dataset.url);
    htmx.process(this);
    this.#list.markCurrent();
  }

  // Another conversation is open now, or none.
  #arrived() {
    this.dataset.current = byId("main").querySelector("chat-stream")?.dataset.conversation ?? "";
    this.#list.markCurrent();
  }

  #update(frame) {
    const isOpen = frame.id === this.dataset.current;
    const unread = frame.unread && (!isOpen || document.hidden);
    if (!this.#list.update({ ...frame, unread })) this.#refresh();
    if (isOpen) this.dispatchEvent(new CustomEvent("title-changed", { bubbles: true, detail: frame.title }));
    if (isOpen) this.#list.markCurrent();
  }

  #choose(button) {
    if (button) this.#row = button.closest("[data-id]");
  }

  #rename(menu) {
    const row = this.#row;
    menu.hidePopover();
    editTitle(row.querySelector("a"), row.dataset.id, (title) => fillRow(row, { title }));
  }

  #delete(menu) {
    menu.hidePopover();
    remove(this.#row.dataset.id, { isOpen: this.#row.dataset.id === this.dataset.current });
  }
}

customElements.define("conversation-list", ConversationList);

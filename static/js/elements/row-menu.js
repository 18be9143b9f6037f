// <row-menu> is the menu of a conversation in the sidebar.
import { change, editTitle, openId, remove } from "lib/conversation_actions";
import { moveConversations } from "lib/moving";
import { fillRow } from "lib/sidebar_list";

class RowMenu extends HTMLElement {
  #row = null;

  connectedCallback() {
    const press = ({ target }) =>
      target.closest(".conv .conv__more") && this.#choose(target.closest(".conv"));
    // In the capture phase, because the row must be known before its button opens the menu.
    document.addEventListener("click", press, true);
    this.addEventListener("click", ({ target }) => {
      const item = target.closest("button");
      if (item) this.#act(item.dataset);
    });
  }

  #choose(row) {
    this.#row = row;
    const is = { pin: !row.dataset.pinnedAt, read: "unread" in row.dataset };
    const shows = { pin: is.pin, unpin: !is.pin, read: is.read, unread: !is.read };
    for (const [name, isShown] of Object.entries(shows))
      this.querySelector(`[data-change="${name}"]`).hidden = !isShown;
  }

  #act(item) {
    const row = this.#row;
    const { id } = row.dataset;
    this.hidePopover();
    if ("rename" in item)
      editTitle(row.querySelector(".conv__title"), id, (title) => fillRow(row, { title }));
    if ("delete" in item) remove(id, { isOpen: id === openId() });
    if ("move" in item) moveConversations([id]);
    if ("select" in item) row.dispatchEvent(new CustomEvent("select-row", { bubbles: true }));
    if (item.change) change([id], item.change);
  }
}

customElements.define("row-menu", RowMenu);

// <conversation-menu>: the open conversation's own menu; the title in the top bar is renamed in place.
import { change, editTitle, remove } from "lib/conversation_actions";
import { moveConversations } from "lib/moving";
import { pageSignal } from "lib/page_signal";

class ConversationMenu extends HTMLElement {
  connectedCallback() {
    const until = { signal: pageSignal() };
    const title = document.querySelector("[data-conversation-title]");
    const show = (text) => {
      title.textContent = title.title = text;
      document.title = document.title.replace(
        /^(● )?.*( · )/,
        (_, mark = "", dot) => `${mark}${text}${dot}`,
      );
    };
    const rename = () => editTitle(title, this.dataset.id, show);
    document.addEventListener(
      "conversation-changed",
      ({ detail }) => (show(detail.title), this.#follow(detail)),
      until,
    );
    document.addEventListener(
      "keydown",
      (event) => event.key === "F2" && (event.preventDefault(), rename()),
      until,
    );
    this.querySelector("[data-rename]").addEventListener(
      "click",
      () => (this.hidePopover(), rename()),
    );
    this.querySelector("[data-move]").addEventListener("click", (event) => {
      event.preventDefault();
      this.hidePopover();
      moveConversations([this.dataset.id]);
    });
    this.querySelector("[data-changes]").addEventListener("submit", (event) => {
      event.preventDefault();
      this.hidePopover();
      change([this.dataset.id], event.submitter.value);
    });
    this.querySelector("[data-deletion]").addEventListener("submit", (event) => {
      event.preventDefault();
      remove(this.dataset.id, { isOpen: true });
    });
  }

  // Each of two opposites is shown when it can be done.
  #follow({ pinned_at: pinned, archived }) {
    const shows = { pin: !pinned, unpin: pinned, archive: !archived, unarchive: archived };
    for (const [name, isShown] of Object.entries(shows))
      this.querySelector(`[value="${name}"]`).hidden = !isShown;
  }
}

customElements.define("conversation-menu", ConversationMenu);

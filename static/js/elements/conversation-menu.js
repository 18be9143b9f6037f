// <conversation-menu>: the open conversation's own menu; the title in the top bar is renamed in place.
import { editTitle, remove } from "lib/conversation_actions";
import { pageSignal } from "lib/page_signal";

class ConversationMenu extends HTMLElement {
  connectedCallback() {
    const until = { signal: pageSignal() };
    const title = document.querySelector("[data-conversation-title]");
    const show = (text) => {
      title.textContent = title.title = text;
      document.title = document.title.replace(/^(● )?.*( · )/, (_, mark = "", dot) => `${mark}${text}${dot}`);
    };
    const rename = () => editTitle(title, this.dataset.id, show);
    document.addEventListener("title-changed", ({ detail }) => show(detail), until);
    document.addEventListener("keydown", (event) => event.key === "F2" && (event.preventDefault(), rename()), until);
    this.querySelector("[data-rename]").addEventListener("click", () => (this.hidePopover(), rename()));
    this.querySelector("[data-deletion]").addEventListener("submit", (event) => {
      event.preventDefault();
      remove(this.dataset.id, { isOpen: true });
    });
  }
}

customElements.define("conversation-menu", ConversationMenu);

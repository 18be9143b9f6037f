// <conversation-menu> is the menu of the open conversation. Its title is edited in the top bar.
import { change, editTitle, remove } from "lib/conversation_actions";
import { moveConversations } from "lib/moving";
import { pageSignal } from "lib/page_signal";

class ConversationMenu extends HTMLElement {
  connectedCallback() {
    const until = { signal: pageSignal() };
    this.heading = document.querySelector("[data-conversation-title]");
    document.addEventListener("conversation-changed", ({ detail }) => this.#follow(detail), until);
    document.addEventListener("keydown", (event) => this.#key(event), until);
    this.#on("click", "[data-rename]", () => this.#rename());
    this.#on("click", "[data-move]", () => moveConversations([this.dataset.id]));
    this.#on("submit", "[data-changes]", ({ value }) => change([this.dataset.id], value));
    // The menu stays open, because the page is left when the conversation is deleted.
    this.querySelector("[data-deletion]").addEventListener("submit", (event) => {
      event.preventDefault();
      remove(this.dataset.id, { isOpen: true });
    });
  }

  // Call `act`, with the button that submits a form, in place of what the browser does.
  #on(name, selector, act) {
    this.querySelector(selector).addEventListener(name, (event) => {
      event.preventDefault();
      this.hidePopover();
      act(event.submitter);
    });
  }

  #key(event) {
    if (event.key !== "F2") return;
    event.preventDefault();
    this.#rename();
  }

  #rename() {
    editTitle(this.heading, this.dataset.id, (title) => this.#showTitle(title));
  }

  #showTitle(title) {
    this.heading.textContent = title;
    this.heading.title = title;
    document.title = document.title.replace(
      /^(● )?.*( · )/,
      (_, mark = "", dot) => `${mark}${title}${dot}`,
    );
  }

  // Show the one of two opposite actions that is possible.
  #follow({ title, pinned_at: pinned, archived }) {
    this.#showTitle(title);
    const shows = { pin: !pinned, unpin: pinned, archive: !archived, unarchive: archived };
    for (const [name, isShown] of Object.entries(shows))
      this.querySelector(`[value="${name}"]`).hidden = !isShown;
  }
}

customElements.define("conversation-menu", ConversationMenu);

// <prompt-list> puts a suggestion into the composer, where it can be changed before it is sent.
class PromptList extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", ({ target }) => {
      const prompt = target.closest("button");
      if (prompt) document.querySelector("message-field").put(prompt.textContent.trim());
    });
  }
}

customElements.define("prompt-list", PromptList);

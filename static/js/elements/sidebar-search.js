// <sidebar-search> filters the titles of the sidebar while somebody types. Enter opens the search
// page.
class SidebarSearch extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("input");
    this.none = this.querySelector("[data-none]");
    this.list = this.closest("sidebar-drawer").querySelector("conversation-list");
    this.field.addEventListener("input", () => this.#filter());
    this.field.addEventListener("keydown", (event) => event.key === "Escape" && this.#clear(event));
    new MutationObserver(() => this.#filter()).observe(this.list, {
      childList: true,
      subtree: true,
    });
  }

  #clear(event) {
    if (!this.field.value) return;
    event.preventDefault();
    this.field.value = "";
    this.#filter();
  }

  #filter() {
    const words = this.field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let left = 0;
    for (const row of this.list.querySelectorAll(".conv")) {
      const title = row.querySelector("[data-title]").textContent.toLowerCase();
      row.classList.toggle("is-filtered", !words.every((word) => title.includes(word)));
      if (!row.classList.contains("is-filtered")) left += 1;
    }
    this.none.hidden = words.length === 0 || left > 0;
  }
}

customElements.define("sidebar-search", SidebarSearch);

// <sidebar-drawer> is a popover on narrow screens. On wide ones it is hidden or shown, which a
// cookie stores, so that the server renders the next page in the same way.
const NARROW = matchMedia("(max-width: 56rem)");
const YEAR = 365 * 24 * 3600;

class SidebarDrawer extends HTMLElement {
  connectedCallback() {
    document.addEventListener(
      "click",
      ({ target }) => target.closest("[data-sidebar-toggle]") && this.toggle(),
    );
    document.addEventListener("page-changed", () => NARROW.matches && this.hidePopover());
    this.addEventListener("focusout", ({ relatedTarget }) => this.#left(relatedTarget));
  }

  toggle() {
    if (NARROW.matches) return this.togglePopover();
    const isHidden = this.parentElement.classList.toggle("is-sidebar-hidden");
    document.cookie = `sidebar=${isHidden ? "hidden" : "shown"}; path=/; max-age=${YEAR}; samesite=lax`;
    const selector = `${isHidden ? "main" : "sidebar-drawer"} [data-sidebar-toggle]`;
    document.querySelector(selector)?.focus();
  }

  #left(next) {
    if (NARROW.matches && next && !this.contains(next) && !next.closest("[popover]"))
      this.hidePopover();
  }
}

customElements.define("sidebar-drawer", SidebarDrawer);

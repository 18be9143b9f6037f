// <appearance-form> saves each choice when it is made and shows it on the page at once.
import { post } from "lib/http";

class AppearanceForm extends HTMLElement {
  #saves = Promise.resolve();

  connectedCallback() {
    this.form = this.querySelector("form");
    this.status = this.querySelector("[data-saved]");
    this.querySelector("[data-savebar]").hidden = true;
    this.form.addEventListener("change", () => this.#changed());
  }

  // Saves run one after the other, because the later of two quick choices must win.
  #changed() {
    const fields = new FormData(this.form);
    this.#show(fields);
    this.#saves = this.#saves.then(() => this.#save(fields));
  }

  #show(fields) {
    const { dataset } = document.documentElement;
    put(dataset, "theme", fields.get("theme"));
    put(dataset, "sendWith", fields.get("sending") === "ctrl-enter" && "ctrl-enter");
    put(dataset, "shortcuts", !fields.has("uses_shortcuts") && "off");
    put(dataset, "usage", !fields.has("shows_usage") && "hidden");
    document.querySelector('meta[name="color-scheme"]').content =
      fields.get("theme") || "light dark";
  }

  async #save(fields) {
    this.status.textContent = "";
    const result = await post(this.form.action, fields).catch(() => null);
    if (result?.data?.reload) return location.reload();
    const words = result?.data?.saved ?? result?.data?.error?.message ?? this.dataset.textFailed;
    this.status.classList.toggle("is-error", !result?.ok);
    this.status.textContent = words;
  }
}

function put(dataset, name, value) {
  if (value) dataset[name] = value;
  else delete dataset[name];
}

customElements.define("appearance-form", AppearanceForm);

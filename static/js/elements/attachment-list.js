// <attachment-list>: files beside the message that is written: picked, pasted or dropped, sent at
// once, and kept in the form as ids.
import { announce } from "lib/announcer";
import { copyOf, fill } from "lib/dom";
import { load, save } from "lib/drafts";
import { onFiles } from "lib/file_sources";
import { post } from "lib/http";
import { pageSignal } from "lib/page_signal";
import { upload } from "lib/upload";

class AttachmentList extends HTMLElement {
  connectedCallback() {
    this.list = this.querySelector("ul");
    this.picker = this.closest("form").querySelector("[data-pick]");
    this.picker.removeAttribute("name"); // they go ahead of the message, not with it
    this.picker.addEventListener("change", () => this.#pick());
    onFiles(this.closest("main") ?? document.body, (files) => this.add(files), pageSignal());
    this.addEventListener("click", ({ target }) => this.#press(target));
    document.addEventListener("model-chosen", () => this.#look(), { signal: pageSignal() });
    for (const file of this.#kept()) this.#settle(this.#chip(file.name), file);
  }

  get isBusy() {
    return this.querySelector("[data-busy]") !== null;
  }

  get count() {
    return this.querySelectorAll("input:enabled").length;
  }

  add(files) {
    for (const file of files) this.#send(file);
  }

  // After the message was accepted: they are its own now.
  clear() {
    this.list.replaceChildren();
    this.#changed();
  }

  #pick() {
    this.add(this.picker.files);
    this.picker.value = "";
  }

  async #send(file) {
    const chip = this.#chip(file.name);
    if (file.size > Number(this.dataset.limit))
      return this.#refuse(chip, this.dataset.textTooLarge);
    chip.dataset.busy = "";
    chip.stop = new AbortController();
    this.#changed();
    const facts = chip.querySelector("[data-facts]");
    const tell = (part) =>
      (facts.textContent = fill(this.dataset.textUploading, { n: Math.round(part * 100) }));
    const result = await upload(this.dataset.url, file, tell, chip.stop.signal).catch(() => null);
    delete chip.dataset.busy;
    if (result?.ok) this.#settle(chip, result.data);
    else if (chip.isConnected)
      this.#refuse(chip, result?.data?.error?.message ?? this.dataset.textFailed);
  }

  #chip(name) {
    const chip = copyOf("attachment-template");
    chip.querySelector("[data-name]").textContent = name;
    const remove = chip.querySelector("[data-remove]");
    remove.ariaLabel = fill(remove.ariaLabel, { name });
    this.list.append(chip);
    return chip;
  }

  #settle(chip, file) {
    chip.file = file;
    chip.querySelector("[data-facts]").textContent = file.facts;
    const field = chip.querySelector("input");
    field.value = file.id;
    field.disabled = false;
    if (file.kind === "image") {
      const image = document.createElement("img");
      image.src = file.url;
      image.alt = "";
      chip.querySelector("[data-icon]").replaceChildren(image);
    }
    this.#look();
  }

  #refuse(chip, reason) {
    chip.classList.add("is-refused");
    chip.querySelector("[data-facts]").textContent = reason;
    announce(`${chip.querySelector("[data-name]").textContent}: ${reason}`);
    this.#changed();
  }

  #press(target) {
    const chip = target.closest("[data-remove]")?.closest("li");
    if (!chip) return;
    chip.stop?.abort();
    if (chip.file) post(chip.file.deletion).catch(() => null);
    chip.remove();
    this.#changed();
    this.closest("form").elements.text.focus();
  }

  // A model that reads no images is told of before the message is sent.
  #look() {
    const blind = document.querySelector("model-picker:not([data-sees])");
    for (const chip of this.list.children) {
      if (chip.file?.kind !== "image") continue;
      chip.classList.toggle("is-refused", Boolean(blind));
      const reason = blind && fill(this.dataset.textBlind, { model: blind.dataset.label });
      chip.querySelector("[data-facts]").textContent = reason || chip.file.facts;
    }
    this.#changed();
  }

  #changed() {
    const files = [...this.list.children].flatMap((chip) => chip.file ?? []);
    save(this.dataset.draft, files.length ? JSON.stringify(files) : "");
    this.list.hidden = this.list.children.length === 0;
    this.dispatchEvent(new CustomEvent("files-changed", { bubbles: true }));
  }

  #kept() {
    try {
      return JSON.parse(load(this.dataset.draft) || "[]");
    } catch {
      return [];
    }
  }
}

customElements.define("attachment-list", AttachmentList);

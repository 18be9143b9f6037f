// <attachment-list> holds the files of the message that is being written. A file is uploaded as
// soon as it is chosen, pasted or dropped; the form then carries only its id.
import { makeChip, markUnreadable, refuse, settle, uploadFor } from "lib/attachment_chips";
import { loadFiles, saveFiles } from "lib/file_drafts";
import { onFiles } from "lib/file_sources";
import { post } from "lib/http";
import { pageSignal } from "lib/page_signal";

class AttachmentList extends HTMLElement {
  connectedCallback() {
    this.list = this.querySelector("ul");
    this.picker = this.closest("form").querySelector("[data-pick]");
    // The files are uploaded before the message, so the form must not send them again.
    this.picker.removeAttribute("name");
    this.picker.addEventListener("change", () => this.#pick());
    onFiles(this.closest("main") ?? document.body, (files) => this.add(files), pageSignal());
    this.addEventListener("click", ({ target }) => this.#press(target));
    document.addEventListener("model-chosen", () => this.#check(), { signal: pageSignal() });
    for (const file of loadFiles(this.dataset.draft)) this.#settle(this.#append(file.name), file);
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

  // Empty the list without deleting its files, because an accepted message has them now.
  clear() {
    this.list.replaceChildren();
    this.#changed();
  }

  #pick() {
    this.add(this.picker.files);
    this.picker.value = "";
  }

  async #send(file) {
    const { limit, textTooLarge, textFailed } = this.dataset;
    const chip = this.#append(file.name);
    if (file.size > Number(limit)) return this.#refuse(chip, textTooLarge);
    const sending = uploadFor(chip, file, this.dataset);
    this.#changed();
    const result = await sending;
    if (result?.ok) this.#settle(chip, result.data);
    else if (chip.isConnected) this.#refuse(chip, result?.data?.error?.message ?? textFailed);
  }

  #append(name) {
    const chip = makeChip(name);
    this.list.append(chip);
    return chip;
  }

  #settle(chip, file) {
    settle(chip, file);
    this.#check();
  }

  #refuse(chip, reason) {
    refuse(chip, reason);
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

  // Tell before the message is sent that the chosen model cannot read its images.
  #check() {
    const blind = document.querySelector("model-picker:not([data-sees])");
    for (const chip of this.list.children)
      markUnreadable(chip, blind?.dataset, this.dataset.textBlind);
    this.#changed();
  }

  #changed() {
    const files = [...this.list.children].flatMap((chip) => chip.file ?? []);
    saveFiles(this.dataset.draft, files);
    this.list.hidden = this.list.children.length === 0;
    this.dispatchEvent(new CustomEvent("files-changed", { bubbles: true }));
  }
}

customElements.define("attachment-list", AttachmentList);

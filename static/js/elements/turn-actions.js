// <turn-actions> sends the forms of a turn and changes the thread in place. Without scripts they
// are plain forms.
import { announce } from "lib/announcer";
import { post } from "lib/http";
import { visit } from "lib/navigation";
import { pageSignal } from "lib/page_signal";
import { placeOf, restore } from "lib/reading_place";
import { areOn } from "lib/shortcuts";
import { toast } from "lib/toast";
import { edit } from "lib/turn_editing";
import { userTurns } from "lib/turns";

class TurnActions extends HTMLElement {
  #isAsking = false;

  connectedCallback() {
    this.addEventListener("submit", (event) => this.#submit(event));
    document.addEventListener("keydown", (event) => this.#key(event), { signal: pageSignal() });
  }

  // Edit the user's last message on ↑ in an empty composer.
  #key(event) {
    if (event.key !== "ArrowUp" || event.target.id !== "text" || event.target.value || !areOn())
      return;
    const button = userTurns().at(-1)?.querySelector('[data-act="edit"]');
    if (
      !button ||
      event.isComposing ||
      event.shiftKey ||
      event.altKey ||
      event.ctrlKey ||
      event.metaKey
    )
      return;
    event.preventDefault();
    button.click();
  }

  #submit(event) {
    event.preventDefault();
    const button = event.submitter;
    const turn = button.closest("article");
    button.closest("[popover]")?.hidePopover();
    if (button.dataset.act === "edit")
      edit(turn, button.formAction).catch(() => this.#failed(null));
    else if (button.dataset.act === "regenerate-with") this.#chooseModel(turn, button);
    else
      this.#ask(
        button,
        button.name ? new URLSearchParams([[button.name, button.value]]) : undefined,
      );
  }

  #chooseModel(turn, button) {
    const opener = turn.querySelector('[data-act="more"]');
    const use = (chosen) => this.#ask(button, new URLSearchParams(chosen));
    document.querySelector("model-picker").lend(opener, use);
  }

  async #ask({ formAction, dataset: { act } }, fields) {
    if (this.#isAsking) return;
    this.#isAsking = true;
    const result = await post(formAction, fields).catch(() => null);
    this.#isAsking = false;
    if (!result?.ok) this.#failed(result);
    else if (act === "fork") visit(result.data.url);
    else this.#done(result.data, act, formAction);
  }

  #done(thread, act, url) {
    const stays = act.startsWith("version");
    // The place is saved, because turns that are not rendered yet have only an estimated height,
    // and the change makes the browser estimate anew.
    const kept = stays ? placeOf(thread.after) : null;
    document.dispatchEvent(new CustomEvent("thread-changed", { detail: { ...thread, stays } }));
    restore(kept);
    if (stays) announce(versionAfter(thread.after));
    if (act === "delete") this.#offerUndo(url.replace("/deletion/", "/restoration/"));
  }

  #offerUndo(url) {
    const run = () => this.#ask({ formAction: url, dataset: { act: "restore" } });
    toast(this.dataset.textDeleted, { label: this.dataset.textUndo, run });
  }

  #failed(result) {
    if (result?.status !== 401) toast(result?.data?.error?.message ?? this.dataset.textFailed);
  }
}

// Return the label, such as "Version 2/3", of the turn after a message, or of the first turn.
function versionAfter(message) {
  const turn = message ? document.getElementById(`m-${message}`)?.nextElementSibling : null;
  return (
    (turn ?? document.querySelector("chat-stream article"))?.querySelector(".versions")
      ?.ariaLabel ?? ""
  );
}

customElements.define("turn-actions", TurnActions);

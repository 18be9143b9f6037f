// A message that was sent and is not yet accepted: shown at once, replaced by what the server made.
import { copyOf } from "lib/dom";

export function showPending(thread, text) {
  const article = copyOf("pending-template");
  article.querySelector("[data-text]").textContent = text;
  thread.append(article);
}

export const removePending = (thread) => thread.querySelector('[data-status="pending"]')?.remove();

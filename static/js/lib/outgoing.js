// A message that was sent and is not accepted yet. It is shown at once, and removed when the server
// has responded.
import { copyOf } from "lib/dom";

export function showPending(thread, text) {
  const article = copyOf("pending-template");
  article.querySelector("[data-text]").textContent = text;
  thread.append(article);
}

export const removePending = (thread) => thread.querySelector('[data-status="pending"]')?.remove();

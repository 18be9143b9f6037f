// A message that was sent and is not yet accepted: shown at once, replaced by what the server made.
import { copyOf, parse } from "lib/dom";

export function showPending(thread, text) {
  const article = copyOf("pending-template");
  article.querySelector("[data-text]").textContent = text;
  thread.append(article);
}

// Put in the server's articles; one that a frame brought first stays.
export function settle(thread, html) {
  thread.querySelector('[data-status="pending"]')?.remove();
  for (const article of parse(html).querySelectorAll("article"))
    if (!thread.querySelector(`#${CSS.escape(article.id)}`)) thread.append(article);
}

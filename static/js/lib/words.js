// The length of a text in words, where each Han character counts as one.
import { fill } from "lib/dom";

const WORDS =
  /\p{Script=Han}|(?:(?!\p{Script=Han})[\p{L}\p{N}])+(?:['’.,-](?:(?!\p{Script=Han})[\p{L}\p{N}])+)*/gu;

export const countWords = (text) => text.match(WORDS)?.length ?? 0;

// Return the announcement of the end of an answer, with its length if it is complete.
export function endOf(thread, status, article) {
  if (status === "awaiting_approval") {
    const what = article.querySelector("[data-ask]")?.dataset.ask;
    return fill(thread.dataset.textAsking, { what });
  }
  if (status !== "completed") return thread.dataset.textStopped;
  const n = countWords(article.querySelector("[data-blocks]").textContent);
  const form = new Intl.PluralRules(document.documentElement.lang).select(n);
  return fill(form === "one" ? thread.dataset.textFinishedOne : thread.dataset.textFinished, { n });
}

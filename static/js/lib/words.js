// How long a text is, as its readers count: Han characters one by one, the rest by words.
import { fill } from "lib/dom";

const WORDS =
  /\p{Script=Han}|(?:(?!\p{Script=Han})[\p{L}\p{N}])+(?:['’.,-](?:(?!\p{Script=Han})[\p{L}\p{N}])+)*/gu;

export const countWords = (text) => text.match(WORDS)?.length ?? 0;

// How the end of an answer is announced: with its length, where it came to its end.
export function endOf(thread, status, article) {
  if (status === "awaiting_approval") return thread.dataset.textAsking;
  if (status !== "completed") return thread.dataset.textStopped;
  const n = countWords(article.querySelector("[data-blocks]").textContent);
  const form = new Intl.PluralRules(document.documentElement.lang).select(n);
  return fill(form === "one" ? thread.dataset.textFinishedOne : thread.dataset.textFinished, { n });
}

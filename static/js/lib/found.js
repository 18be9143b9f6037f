// Show the message that a search led to: scroll it into view and mark the words of the search.
import { restore } from "lib/reading_place";

const ABOVE = 72;
const NAME = "found";

export function showFound(article) {
  mark(article, new URLSearchParams(location.search).get("q") ?? "");
  // In the next frame, because the browser warns if something has the focus when it looks for a
  // field with autofocus.
  requestAnimationFrame(() => article.focus({ preventScroll: true }));
  return restore({ id: article.id, offset: ABOVE });
}

// Mark the words by ranges, so that the elements of the message stay as they are.
function mark(article, text) {
  const words = text.match(/[\p{L}\p{N}]+/gu);
  if (!words || !CSS.highlights) return;
  const any = new RegExp(words.map((word) => RegExp.escape?.(word) ?? word).join("|"), "giu");
  const ranges = [...textsIn(article)].flatMap((node) =>
    [...node.data.matchAll(any)].map((match) => rangeOf(node, match)),
  );
  CSS.highlights.set(NAME, new Highlight(...ranges));
}

function* textsIn(article) {
  for (const body of article.querySelectorAll("[data-text], [data-blocks]")) {
    const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) yield walker.currentNode;
  }
}

function rangeOf(node, { index, 0: { length } }) {
  const range = new Range();
  range.setStart(node, index);
  range.setEnd(node, index + length);
  return range;
}

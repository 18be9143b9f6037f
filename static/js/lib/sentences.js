// Split the text of an answer into sentences, without its code.
const segmenters = new Map();

function sentencesOf(block) {
  const lang = block.closest("[lang]").lang || "en";
  if (!segmenters.has(lang))
    segmenters.set(lang, new Intl.Segmenter(lang, { granularity: "sentence" }));
  const parts = Array.from(segmenters.get(lang).segment(block.textContent), ({ segment }) =>
    segment.trim(),
  );
  return parts.filter(Boolean);
}

export function sentencesIn(article) {
  const blocks = [...article.querySelectorAll("[data-blocks] > *")].filter(
    (block) => !block.querySelector("pre"),
  );
  return blocks.flatMap(sentencesOf);
}

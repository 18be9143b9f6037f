// The ledger of a running answer: its heading changes with the first thought and the first word,
// before the server renders it anew.
import { fill } from "lib/dom";

const ledgerOf = (article) => article.querySelector("[data-steps] > .steps");
const titleOf = (ledger) => ledger.querySelector(".steps__sum > .step__icon").nextElementSibling;

// The model thinks: count from the seconds that it has thought before.
export function think(article) {
  const ledger = ledgerOf(article);
  if (!ledger) return;
  ledger.hidden = false;
  if (ledger.dataset.stage === "thinking") return;
  const clock = document.createElement("elapsed-time");
  Object.assign(clock.dataset, { text: ledger.dataset.thinking, seconds: ledger.dataset.seconds });
  titleOf(ledger).replaceWith(clock);
  ledger.dataset.stage = "thinking";
}

// The model writes: what it did before is past.
export function write(article) {
  const ledger = ledgerOf(article);
  if (!ledger || !["thinking", "between"].includes(ledger.dataset.stage)) return;
  const title = titleOf(ledger);
  const isTimed = title.localName === "elapsed-time";
  const n = Math.max(isTimed ? title.seconds : Number(ledger.dataset.seconds), 1);
  const line = document.createElement("span");
  line.textContent = fill(ledger.dataset.thought, { n });
  title.replaceWith(line);
  ledger.querySelector(".steps__sum .spinner")?.remove();
  ledger.dataset.stage = "rest";
  ledger.dataset.seconds = n;
}

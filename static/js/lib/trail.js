// The trail of a running answer: its heading changes with the first thought and the first word,
// before the server renders it anew.
import { fill } from "lib/dom";

const trailOf = (article) => article.querySelector("[data-steps] > .steps");
const titleOf = (trail) => trail.querySelector(".steps__sum > .step__icon").nextElementSibling;

// The model thinks: count from the seconds that it has thought before.
export function think(article) {
  const trail = trailOf(article);
  if (!trail) return;
  trail.hidden = false;
  if (trail.dataset.stage === "thinking") return;
  const clock = document.createElement("elapsed-time");
  Object.assign(clock.dataset, { text: trail.dataset.thinking, seconds: trail.dataset.seconds });
  titleOf(trail).replaceWith(clock);
  trail.dataset.stage = "thinking";
}

// Fold what the server has opened, unless there is something to see or somebody looks at it.
function fold(trail) {
  const isOfUse = trail.querySelector(".step--failed, .step--denied, [data-call][open]");
  if (!("opened" in trail.dataset) || isOfUse || trail.contains(document.activeElement)) return;
  delete trail.dataset.opened;
  trail.open = false;
}

// The model writes: what it did before is past.
export function write(article) {
  const trail = trailOf(article);
  if (!trail || !["thinking", "between"].includes(trail.dataset.stage)) return;
  const title = titleOf(trail);
  const isTimed = title.localName === "elapsed-time";
  const n = Math.max(isTimed ? title.seconds : Number(trail.dataset.seconds), 1);
  const line = document.createElement("span");
  line.textContent = fill(isTimed ? trail.dataset.thought : trail.dataset.rest, { n });
  title.replaceWith(line);
  trail.querySelector(".steps__sum .spinner")?.remove();
  fold(trail);
  trail.dataset.stage = "rest";
  trail.dataset.seconds = n;
}

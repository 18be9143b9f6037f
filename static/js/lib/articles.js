// Change the articles of a thread to a newer state. Equal parts are not touched, so that
// selections and the focus stay.

import { htmlOf } from "lib/dom";
import { restoreTrail, saveTrail } from "lib/tool_steps";

const BODY = "[data-blocks]";
const FOOT = "[data-foot]";

// Make an article of the page equal to one that the server sent.
export function renew(old, fresh) {
  const trail = saveTrail(old);
  for (const { name } of [...old.attributes])
    if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) old.setAttribute(name, value);
  if (old.querySelector(BODY) && fresh.querySelector(BODY)) renewAround(old, fresh);
  else old.replaceChildren(...fresh.childNodes);
  restoreTrail(old, trail);
}

// Replace everything but the blocks, of which only those that differ are replaced.
function renewAround(old, fresh) {
  const [body, freshBody] = [old, fresh].map((article) => article.querySelector(BODY));
  renewBlocks(body, freshBody);
  body.lang = freshBody.lang;
  renewSiblings(body, freshBody);
  renewSiblings(body.parentElement, freshBody.parentElement);
}

function renewSiblings(element, freshElement) {
  for (const sibling of [...element.parentElement.children])
    if (sibling !== element) sibling.remove();
  const fresh = [...freshElement.parentElement.children];
  const at = fresh.indexOf(freshElement);
  element.before(...fresh.slice(0, at));
  element.after(...fresh.slice(at + 1));
}

function renewBlocks(body, freshBody) {
  const fresh = [...freshBody.children];
  while (body.children.length > fresh.length) body.lastElementChild.remove();
  fresh.forEach((block, index) => {
    const shown = body.children[index];
    if (!shown) body.append(block);
    else if (htmlOf(shown) !== htmlOf(block)) shown.replaceWith(block);
  });
}

// The statuses of a run before its end, in their order. Any other status is an end.
const STAGES = ["queued", "running", "awaiting_approval"];
const isActive = (article) => ["queued", "running"].includes(article.dataset.status);

function stage(article) {
  const found = STAGES.indexOf(article.dataset.status);
  return found < 0 ? STAGES.length : found;
}

// Whether `fresh` shows a later run than `old`, or a later status of the same run. HTML may arrive
// after a newer state was shown. Ids of runs grow with time.
export function isNews(old, fresh) {
  const [before, now] = [old, fresh].map((article) => article.dataset.generation ?? "");
  if (before !== now) return now > before;
  return !isActive(fresh) && stage(fresh) > stage(old);
}

// Show in `old` what `fresh` has newer of its run or of the tree. Returns false if `fresh` is
// older.
function update(old, fresh) {
  if (isNews(old, fresh)) renew(old, fresh);
  if (old.dataset.tree === fresh.dataset.tree) return true;
  if (isNews(fresh, old)) return false;
  // The blocks of a running answer come from the socket, so only the foot is replaced.
  if (isActive(old)) old.querySelector(FOOT).replaceWith(fresh.querySelector(FOOT));
  else renew(old, fresh);
  old.dataset.tree = fresh.dataset.tree;
  return true;
}

// Show the end of the branch from the first article of the fragment on. Returns false if some of it
// is older than what the page shows.
export function reconcile(thread, fragment) {
  const fresh = [...fragment.querySelectorAll("article")];
  const first = fresh.length && thread.querySelector(`#${CSS.escape(fresh[0].id)}`);
  if (!first) {
    thread.replaceChildren(...fragment.childNodes);
    return true;
  }
  let place = first;
  let isCurrent = true;
  for (const article of fresh) {
    const old = thread.querySelector(`#${CSS.escape(article.id)}`);
    if (old && !update(old, article)) isCurrent = false;
    const current = old ?? article;
    if (current === place) place = next(place);
    else thread.insertBefore(current, place);
  }
  while (place) {
    const gone = place;
    place = next(place);
    gone.remove();
  }
  return isCurrent;
}

const next = (article) => article.nextElementSibling;

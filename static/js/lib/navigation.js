// Open another conversation without leaving the page, so that the socket and the sidebar stay.
// Only the main part is fetched and swapped. If that fails, the browser loads the page.
import { announce } from "lib/announcer";
import { byId, parse } from "lib/dom";
import { live } from "lib/live";
import { endPage } from "lib/page_signal";
import { forget, mainPart, prefetchOnIntent } from "lib/prefetch";
import { plainTitle } from "lib/reading";
import { place, restore } from "lib/reading_place";

const OURS = /^\/(?:c\/[0-9a-f-]{36}\/)?$/;
const places = new Map();
const pageOf = ({ pathname, search }) => pathname + search;
const isOurs = ({ origin, pathname }) => origin === location.origin && OURS.test(pathname);
const canStay = () => document.querySelector("main[data-build]") !== null;
let shown = pageOf(location);
let entry = history.state?.entry ?? Date.now();
let newest = 0;

// Open a page of the site as if its link had been followed.
export async function visit(url) {
  const target = new URL(url, location.href);
  if (!canStay() || !isOurs(target)) return location.assign(target);
  const isThere = await show(target, () => {
    if (pageOf(target) !== shown) history.pushState({ entry: savePlace(Date.now()) }, "", target);
  });
  if (isThere) arrive();
}

// Save the place in the page that is left, by its entry in the history, and return the next entry.
function savePlace(next) {
  places.set(entry, place());
  entry = next;
  return next;
}

// Resolves to whether the page is shown. A later visit replaces an earlier one.
async function show(target, enter) {
  const mine = ++newest;
  const html = await mainPart(target.href);
  if (mine !== newest) return false;
  const fresh = html && parse(html);
  const main = fresh?.querySelector("main");
  if (main?.dataset.build !== byId("main").dataset.build) {
    location.assign(target);
    return false;
  }
  enter();
  shown = pageOf(target);
  swap(main, fresh);
  return true;
}

function swap(main, fresh) {
  forget();
  endPage();
  live().send({ t: "unsubscribe" });
  document.title = fresh.querySelector("title").textContent;
  // The attribute is removed, because arrive() sets the focus, and the browser warns about a second
  // one.
  for (const field of main.querySelectorAll("[autofocus]")) field.autofocus = false;
  for (const open of document.querySelectorAll("main :popover-open")) open.hidePopover();
  byId("main").replaceWith(main);
  byId("toasts").append(...fresh.querySelectorAll("toast-message"));
  htmx.process(main);
  document.dispatchEvent(new CustomEvent("page-changed"));
}

// Focus the composer, but the heading on a touch screen, where a keyboard would cover the page.
function arrive() {
  const heading = document.querySelector("main h1");
  heading.tabIndex = -1;
  const first = matchMedia("(pointer: fine)").matches ? byId("text") : heading;
  (document.querySelector("main [data-found]") ?? first).focus({ preventScroll: true });
  announce(plainTitle());
}

function linkOf(target) {
  const link =
    target instanceof Element ? target.closest("a[href]:not([target], [download])") : null;
  return link && canStay() && isOurs(link) && !link.hash ? link : null;
}

document.addEventListener("click", (event) => {
  const isPlain =
    event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  const link = isPlain && !event.defaultPrevented && linkOf(event.target);
  if (!link) return;
  event.preventDefault();
  visit(link.href);
});

// Back and forward. A step to another fragment of the same page is left to the browser.
addEventListener("popstate", async ({ state }) => {
  if (pageOf(location) === shown) return;
  if (!canStay() || !isOurs(location)) return location.reload();
  const isThere = await show(new URL(location.href), () => savePlace(state?.entry ?? 0));
  if (!isThere) return;
  restore(places.get(entry));
  arrive();
});

history.replaceState({ ...history.state, entry }, "");
prefetchOnIntent((target) => linkOf(target)?.href);

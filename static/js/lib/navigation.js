// From one conversation to another without leaving the page: the socket, the list and what is typed stay.
// Only the main part is fetched and swapped; whatever goes wrong becomes an ordinary load.
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

// Go to a page of ours as if its link had been followed.
export async function visit(url) {
  const target = new URL(url, location.href);
  if (!canStay() || !isOurs(target)) return location.assign(target);
  const isThere = await show(target, () => {
    if (pageOf(target) !== shown) history.pushState({ entry: keepPlace(Date.now()) }, "", target);
  });
  if (isThere) arrive();
}

// The place in what is left stays with its entry in the history; `next` is the entry to come.
function keepPlace(next) {
  places.set(entry, place());
  return (entry = next);
}

// Resolves to whether the page is there now; a later visit wins over an earlier one.
async function show(target, enter) {
  const mine = ++newest;
  const html = await mainPart(target.href);
  if (mine !== newest) return false;
  const fresh = html && parse(html);
  const main = fresh?.querySelector("main");
  if (main?.dataset.build !== byId("main").dataset.build) return (location.assign(target), false);
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
  // We say where the focus goes; the browser would complain that it is somewhere already.
  for (const field of main.querySelectorAll("[autofocus]")) field.autofocus = false;
  for (const open of document.querySelectorAll("main :popover-open")) open.hidePopover();
  byId("main").replaceWith(main);
  byId("toasts").append(...fresh.querySelectorAll("toast-message"));
  htmx.process(main);
  document.dispatchEvent(new CustomEvent("page-changed"));
}

// A keyboard goes on in the composer; where there is none to see, it would only cover the page.
function arrive() {
  const heading = document.querySelector("main h1");
  heading.tabIndex = -1;
  const place =
    document.querySelector("main [data-found]") ??
    (matchMedia("(pointer: fine)").matches ? byId("text") : heading);
  place.focus({ preventScroll: true });
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

// Back and forward. A step to another #place of the same page is the browser's own.
addEventListener("popstate", async ({ state }) => {
  if (pageOf(location) === shown) return;
  if (!canStay() || !isOurs(location)) return location.reload();
  const isThere = await show(new URL(location.href), () => keepPlace(state?.entry ?? 0));
  if (!isThere) return;
  restore(places.get(entry));
  arrive();
});

history.replaceState({ ...history.state, entry }, "");
prefetchOnIntent((target) => linkOf(target)?.href);

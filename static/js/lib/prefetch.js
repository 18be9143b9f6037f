// Fetch a page a little before it is visited, when a pointer rests on its link or presses it.
const FRESH_FOR = 3_000;
const INTENT_AFTER = 65;
const HEADERS = { Accept: "text/html", "X-Part": "main" };

const asked = new Map();
let intent = 0;

// Resolves to the HTML of the main part of a page, or to null if the browser must load the page. A
// URL is fetched at most once in FRESH_FOR milliseconds.
export function mainPart(url) {
  const known = asked.get(url);
  if (known && performance.now() - known.at < FRESH_FOR) return known.text;
  const text = ask(url);
  asked.set(url, { at: performance.now(), text });
  return text;
}

// Drop all fetched pages, because something has changed since.
export const forget = () => asked.clear();

async function ask(url) {
  const response = await fetch(url, { headers: HEADERS }).catch(() => null);
  if (!response?.ok || response.redirected) return null;
  return response.text();
}

// `urlOf` returns the URL that an element leads to, or undefined if it is not a page of the site.
export function prefetchOnIntent(urlOf) {
  const begin = ({ target }) => {
    const url = urlOf(target);
    if (url && !navigator.connection?.saveData) mainPart(url);
  };
  document.addEventListener("pointerdown", (event) => event.button === 0 && begin(event), {
    passive: true,
  });
  document.addEventListener("pointerover", (event) => {
    clearTimeout(intent);
    if (event.pointerType === "mouse") intent = setTimeout(() => begin(event), INTENT_AFTER);
  });
}

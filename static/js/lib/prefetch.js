// Pages asked for a little before they are wanted: a finger or pointer on a link is as good as a visit.
const FRESH_FOR = 3_000;
const INTENT_AFTER = 65;
const HEADERS = { Accept: "text/html", "X-Part": "main" };

const asked = new Map();
let intent = 0;

// The text of a page's main part, or null where it has to be loaded whole. Asked for at most once.
export function mainPart(url) {
  const known = asked.get(url);
  if (known && performance.now() - known.at < FRESH_FOR) return known.text;
  const text = ask(url);
  asked.set(url, { at: performance.now(), text });
  return text;
}

// What was asked for before something changed is no longer the truth.
export const forget = () => asked.clear();

async function ask(url) {
  const response = await fetch(url, { headers: HEADERS }).catch(() => null);
  if (!response?.ok || response.redirected) return null;
  return response.text();
}

// `urlOf` tells where an element leads, if it is one of ours.
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

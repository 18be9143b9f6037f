// Show a page of the site while the server cannot be reached. It stores nothing private. The
// server writes MADE_FROM above this text: the sheet, the script and the language of that page.
const PAGE = "/offline/";
const CACHE = `offline ${MADE_FROM.join(" ")}`;
const [SHEET, SCRIPT] = MADE_FROM;

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([PAGE, SHEET, SCRIPT])));
});

addEventListener("activate", (event) =>
  event.waitUntil(Promise.all([preload(), dropOld(), clients.claim()])),
);

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate") event.respondWith(load(event));
  else if ([SHEET, SCRIPT].includes(new URL(request.url).pathname))
    event.respondWith(fetch(request).catch(() => caches.match(new URL(request.url).pathname)));
});

async function load({ request, preloadResponse }) {
  try {
    return (await preloadResponse) ?? (await fetch(request));
  } catch {
    return caches.match(PAGE);
  }
}

// Let the browser request a page while this worker starts.
const preload = () => registration.navigationPreload?.enable();

async function dropOld() {
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
}

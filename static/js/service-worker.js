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
  event.waitUntil(Promise.all([stopPreload(), dropOld(), clients.claim()])),
);

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate") event.respondWith(load(event));
  else if ([SHEET, SCRIPT].includes(new URL(request.url).pathname))
    event.respondWith(fetch(request).catch(() => caches.match(new URL(request.url).pathname)));
});

async function load({ request }) {
  try {
    return await fetch(request);
  } catch {
    return caches.match(PAGE);
  }
}

// An earlier worker let the browser request pages itself. Firefox then shows its own error without a
// network, instead of what this worker answers.
const stopPreload = () => registration.navigationPreload?.disable();

async function dropOld() {
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
}

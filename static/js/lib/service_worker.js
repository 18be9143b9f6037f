// The worker that shows a page of ours without network: asked for when this page has what it needs.
const register = () => navigator.serviceWorker.register("/service-worker.js").catch(() => {});

// Where the page is not a secure context there is none. It is a help, never a condition.
if ("serviceWorker" in navigator && document.body.dataset.timeZoneUrl)
  addEventListener("load", () =>
    "requestIdleCallback" in window ? requestIdleCallback(register) : register(),
  );

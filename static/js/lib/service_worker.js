// Register the service worker, which shows a page of the site without a network.
const register = () => navigator.serviceWorker.register("/service-worker.js").catch(() => {});

// Later than the load of the page, which needs the network first. Browsers without HTTPS have none.
if ("serviceWorker" in navigator && document.body.dataset.timeZoneUrl)
  addEventListener("load", () =>
    "requestIdleCallback" in window ? requestIdleCallback(register) : register(),
  );

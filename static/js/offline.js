// The page that the service worker shows without a network: it lists the drafts, and loads the real
// page as soon as the server can be reached. It imports nothing, because only this file is in the
// cache.
const PREFIX = "draft:";
const ASK_EVERY = 5_000;

const isReachable = () =>
  fetch("/healthz", { cache: "no-store" }).then(
    ({ ok }) => ok,
    () => false,
  );

function show(key, template, list) {
  const item = template.content.firstElementChild.cloneNode(true);
  item.querySelector("[data-text]").textContent = localStorage.getItem(key);
  const conversation = key.split(":")[2];
  if (conversation !== "new") item.querySelector("a").href = `/c/${conversation}/`;
  list.append(item);
}

function showDrafts() {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  const area = document.getElementById("drafts");
  area.hidden = keys.length === 0;
  for (const key of keys)
    show(key, document.getElementById("draft-template"), area.querySelector("ul"));
}

async function tryAgain() {
  if (await isReachable()) location.reload();
}

showDrafts();
addEventListener("online", tryAgain);
setInterval(tryAgain, ASK_EVERY);
document.getElementById("again").addEventListener("click", () => location.reload());

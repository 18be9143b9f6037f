// The page without network: what was written and not sent, and the way back as soon as there is one.
// It is kept by the service worker, so it needs no other file.
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

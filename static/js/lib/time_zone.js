// Send the browser's time zone to the server if the page was rendered for another one. The body of
// the page has both: <body data-time-zone="Europe/Paris"
// data-time-zone-url="/settings/time-zone/">.

const page = document.querySelector("[data-time-zone-url]");
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

if (page && zone && zone !== page.dataset.timeZone) {
  const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
  fetch(page.dataset.timeZoneUrl, {
    method: "POST",
    headers: { "X-CSRFToken": token },
    body: new URLSearchParams({ time_zone: zone }),
  }).then(
    (response) => {
      if (response.ok) page.dataset.timeZone = zone;
    },
    () => {}, // Without a network the next page sends it.
  );
}

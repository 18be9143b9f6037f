// Requests to our own server. A network failure rejects; everything else resolves.
import { byId } from "lib/dom";

const token = () => document.querySelector('meta[name="csrf-token"]').content;

// POST a form's fields. Resolves to { ok, status, data } with the JSON that came, if any.
export async function post(url, fields = new URLSearchParams()) {
  const response = await fetch(url, {
    method: "POST",
    body: fields,
    headers: { Accept: "application/json", "X-CSRFToken": token() },
  });
  if (isSignedOut(response)) showSignedOut();
  const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
  return {
    ok: response.ok && !response.redirected,
    status: isSignedOut(response) ? 401 : response.status,
    data: isJson ? await response.json() : null,
  };
}

// GET a fragment of HTML. Rejects when the answer is not that fragment.
export async function getHtml(url) {
  const response = await fetch(url, { headers: { Accept: "text/html" } });
  if (isSignedOut(response)) showSignedOut();
  if (!response.ok || response.redirected) throw new Error(`${response.status} ${url}`);
  return response.text();
}

// A page that asks for a session answers 401, or leads away to the sign-in page.
const isSignedOut = (response) => response.status === 401 || response.redirected;

export function showSignedOut() {
  const dialog = byId("session-over");
  const link = dialog.querySelector("[data-sign-in]");
  link.search = `?next=${encodeURIComponent(location.pathname)}`;
  if (!dialog.open) dialog.showModal();
}

// What htmx asks for ends the same way.
document.addEventListener("htmx:responseError", ({ detail }) => {
  if (detail.xhr.status === 401) showSignedOut();
});

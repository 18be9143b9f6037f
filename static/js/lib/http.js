// Requests to the site. Each rejects if the network fails.
import { byId } from "lib/dom";

const token = () => document.querySelector('meta[name="csrf-token"]').content;

// POST the fields of a form. Resolves to { ok, status, data } for any response; `data` is its JSON
// or null.
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

// Return the sentence that tells why a result is not ok: the server's, or the text for a response
// without one, or the text for no response at all.
export const failureText = (result, { textRefused, textFailed }) =>
  result?.data?.error?.message ?? (result ? textRefused : textFailed);

// GET a fragment of HTML. Rejects for any other response.
export async function getHtml(url) {
  const response = await fetch(url, { headers: { Accept: "text/html" } });
  if (isSignedOut(response)) showSignedOut();
  if (!response.ok || response.redirected) throw new Error(`${response.status} ${url}`);
  return response.text();
}

// Without a session the server responds with 401, or redirects to the sign-in page.
const isSignedOut = (response) => response.status === 401 || response.redirected;

export function showSignedOut() {
  const dialog = byId("session-over");
  const link = dialog.querySelector("[data-sign-in]");
  link.search = `?next=${encodeURIComponent(location.pathname)}`;
  if (!dialog.open) dialog.showModal();
}

// The requests of htmx end in the same way.
document.addEventListener("htmx:responseError", ({ detail }) => {
  if (detail.xhr.status === 401) showSignedOut();
});

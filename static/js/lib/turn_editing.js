// Begin to edit a turn: put a <turn-editor> in the place of its text.
import { copyOf } from "lib/dom";

// `url` is the URL for the new text. Rejects if the present text cannot be fetched.
export async function edit(turn, url) {
  const open = turn.querySelector("turn-editor");
  if (open) return open.focus();
  const isMine = turn.dataset.role === "user";
  // A message of files alone has no text.
  const text = isMine
    ? (turn.querySelector("[data-text]")?.textContent ?? "")
    : await markdownOf(turn);
  if (turn.querySelector("turn-editor")) return;
  const editor = copyOf("edit-template");
  // The new version of the message has the same files.
  const files = turn.querySelector(".files")?.cloneNode(true);
  if (files) editor.querySelector("form").prepend(files);
  turn.querySelector(".turn__body").append(editor);
  editor.begin(turn.dataset, url, text);
}

async function markdownOf(turn) {
  const response = await fetch(turn.querySelector("copy-button").dataset.url);
  if (!response.ok || response.redirected) throw new Error(String(response.status));
  return response.text();
}

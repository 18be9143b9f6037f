// Begins the editing of a turn: its text becomes a form in the same place.
import { copyOf } from "lib/dom";

// `url` takes the new text. Rejects when the text cannot be had.
export async function edit(turn, url) {
  const open = turn.querySelector("turn-editor");
  if (open) return open.focus();
  const isMine = turn.dataset.role === "user";
  // Beside files there may be no text yet.
  const text = isMine
    ? (turn.querySelector("[data-text]")?.textContent ?? "")
    : await markdownOf(turn);
  if (turn.querySelector("turn-editor")) return;
  const editor = copyOf("edit-template");
  // They go along with the new version.
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

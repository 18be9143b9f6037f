// The files of a message that is not sent, saved with its draft in this browser.
import { load, save } from "lib/drafts";

export function loadFiles(name) {
  try {
    return JSON.parse(load(name) || "[]");
  } catch {
    return [];
  }
}

export function saveFiles(name, files) {
  save(name, files.length ? JSON.stringify(files) : "");
}

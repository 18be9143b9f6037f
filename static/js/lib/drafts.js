// Texts that were typed and not sent, saved in this browser by user and conversation.
const PREFIX = "draft:";

// Return null if the storage is full or forbidden, because everything works without drafts.
function attempt(action) {
  try {
    return action();
  } catch {
    return null;
  }
}

// Return the draft of this name, or "". A temporary chat has no name, and so no draft.
export const load = (name) => (name && attempt(() => localStorage.getItem(PREFIX + name))) ?? "";

export function save(name, text) {
  if (!name) return;
  attempt(() =>
    text ? localStorage.setItem(PREFIX + name, text) : localStorage.removeItem(PREFIX + name),
  );
}

export function forgetAll() {
  attempt(() => {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
    for (const key of keys) localStorage.removeItem(key);
  });
}

// What was typed and not sent, kept in this browser for each person and conversation.
const PREFIX = "draft:";

// Storage may be full or forbidden; a draft is a help, never a condition.
function attempt(action) {
  try {
    return action();
  } catch {
    return null;
  }
}

// What is typed in a temporary chat has no name here and is not kept.
export const load = (name) => (name && attempt(() => localStorage.getItem(PREFIX + name))) ?? "";

export function save(name, text) {
  if (!name) return;
  attempt(() =>
    text ? localStorage.setItem(PREFIX + name, text) : localStorage.removeItem(PREFIX + name),
  );
}

export function forgetAll() {
  attempt(() =>
    Object.keys(localStorage)
      .filter((key) => key.startsWith(PREFIX))
      .forEach((key) => localStorage.removeItem(key)),
  );
}

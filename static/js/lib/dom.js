// Small tools for HTML that came from the server.

export const byId = (id) => document.getElementById(id);

// A copy of a <template>'s only element.
export const copyOf = (id) => byId(id).content.firstElementChild.cloneNode(true);

export function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

// A block's HTML as the server wrote it: without the buttons that <code-copy> made for itself.
export const htmlOf = (block) =>
  block.innerHTML.replace(/(<code-copy[^>]*>).*?(<\/code-copy>)/gs, "$1$2");

// "{n} of {limit}" with its values put in; numbers as the page's language writes them.
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, key) => {
    const value = values[key];
    return typeof value === "number"
      ? value.toLocaleString(document.documentElement.lang)
      : (value ?? whole);
  });
}

// The server writes a URL once, with a nil-like id where the id goes.
export const withId = (url, id) => url.replace("00000000-0000-7000-8000-000000000000", id);

export const isTyping = (target) =>
  target instanceof Element &&
  target.closest("input, textarea, select, [contenteditable]") !== null;

export const hasOpenLayer = () => document.querySelector(":popover-open, dialog[open]") !== null;

// Small functions for the HTML of the server.

export const byId = (id) => document.getElementById(id);

// Return a copy of the only element of a <template>.
export const copyOf = (id) => byId(id).content.firstElementChild.cloneNode(true);

export function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

// Return the HTML of a block as the server sent it, without the buttons that <code-copy> added.
export const htmlOf = (block) =>
  block.innerHTML.replace(/(<code-copy[^>]*>).*?(<\/code-copy>)/gs, "$1$2");

// Return a text such as "{n} of {limit}" with its values, numbers in the format of the page's
// language.
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, key) => {
    const value = values[key];
    return typeof value === "number"
      ? value.toLocaleString(document.documentElement.lang)
      : (value ?? whole);
  });
}

// Return a URL with an id in it. The server renders the URL once, with this placeholder.
export const withId = (url, id) => url.replace("00000000-0000-7000-8000-000000000000", id);

export const isTyping = (target) =>
  target instanceof Element &&
  target.closest("input, textarea, select, [contenteditable]") !== null;

export const hasOpenLayer = () => document.querySelector(":popover-open, dialog[open]") !== null;

// Apply the operations of a frame to the DOM (docs/protocol.md): one element per block, and
// closed blocks are never touched. `blocks` is the HTML of each block, exactly as the server has
// it.

const END_TAGS = /^(?:<\/[a-z0-9]+>\s*)*$/;
const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&nbsp;": "\u00a0" };

const escapeHtml = (text) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

function elementFor(container, index) {
  while (container.children.length <= index) {
    const element = document.createElement("div");
    element.className = "block";
    element.dataset.block = "";
    element.dir = "auto";
    container.append(element);
  }
  return container.children[index];
}

function truncate(container, blocks, length) {
  blocks.length = Math.min(blocks.length, length);
  while (container.children.length > length) container.lastElementChild.remove();
}

// Return the text that `html` adds at the end of a block while its closing tags stay the same, or
// null.
function addedText(old, keep, html) {
  const tail = old.slice(keep);
  if (keep === 0 || !END_TAGS.test(tail) || !html.endsWith(tail)) return null;
  const added = html.slice(0, html.length - tail.length);
  if (/[<>]|&(?!(?:amp|lt|gt|quot|nbsp);)/.test(added)) return null;
  return added.replace(/&[a-z]+;/g, (entity) => ENTITIES[entity]);
}

function appendText(parent, text) {
  if (parent.lastChild?.nodeType === Node.TEXT_NODE) parent.lastChild.appendData(text);
  else parent.append(text);
}

function patchBlock(element, blocks, index, keep, html) {
  const old = blocks[index] ?? "";
  blocks[index] = old.slice(0, keep) + html;
  const text = addedText(old, keep, html);
  let parent = text === null ? null : element;
  for (const _ of old.slice(keep).matchAll(/<\//g)) parent = parent?.lastElementChild;
  if (parent) appendText(parent, text);
  else element.innerHTML = blocks[index];
}

function appendCode(element, blocks, index, text) {
  const at = blocks[index].lastIndexOf("</code>");
  blocks[index] = blocks[index].slice(0, at) + escapeHtml(text) + blocks[index].slice(at);
  const code = element.querySelector("pre > code");
  if (code) appendText(code, text);
  else element.innerHTML = blocks[index];
}

// Apply the operations of a frame: `[block, keep, html]`, `[block, "t", text]` or `[blocks, -1]`.
export function applyOps(container, blocks, ops) {
  for (const [index, kind, content] of ops) {
    if (kind === -1) truncate(container, blocks, index);
    else if (kind === "t") appendCode(elementFor(container, index), blocks, index, content);
    else patchBlock(elementFor(container, index), blocks, index, kind, content);
  }
}

// Show a snapshot. Blocks that are equal already keep their elements and selections.
export function setBlocks(container, blocks, htmls) {
  truncate(container, blocks, htmls.length);
  htmls.forEach((html, index) => {
    const element = elementFor(container, index);
    if (blocks[index] !== html) element.innerHTML = blocks[index] = html;
  });
}

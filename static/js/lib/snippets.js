// Prompt snippets as text: the search for one, and its variables. Pure.

// A search begins with "/" at the start of the text or after white space, but not in a word or a
// path.
const SEARCH = /(?:^|\s)\/([^\s/]*)$/;
const VARIABLE = /\{\{\s*([^{}]+?)\s*\}\}/g;

// Return { word, start } of the search that ends at the caret, or null.
export function searchAt(text, caret) {
  const found = SEARCH.exec(text.slice(0, caret));
  return found && { word: found[1].toLocaleLowerCase(), start: caret - found[1].length - 1 };
}

// Return the snippets whose name begins with the word, then those whose name contains it.
export function matching(snippets, word) {
  const place = ({ name }) => name.toLocaleLowerCase().indexOf(word);
  return snippets
    .filter((one) => place(one) >= 0)
    .sort((a, b) => Math.sign(place(a)) - Math.sign(place(b)));
}

export const variablesOf = (text) => [
  ...new Set([...text.matchAll(VARIABLE)].map((match) => match[1])),
];

export const filled = (text, values) =>
  text.replace(VARIABLE, (whole, name) => values[name] ?? whole);

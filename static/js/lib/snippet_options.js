// The snippets that the server offers, and the options of <snippet-menu> that show them.

// Fetch the user's snippets. Resolves to an empty list if they cannot be had.
export async function loadSnippets(url) {
  const headers = { Accept: "application/json" };
  const response = await fetch(url, { headers }).catch(() => null);
  return response?.ok && !response.redirected ? (await response.json()).snippets : [];
}

export function optionFor(snippet, index) {
  const option = document.createElement("li");
  const name = document.createElement("b");
  const text = document.createElement("small");
  option.id = `snippet-${index}`;
  option.role = "option";
  option.ariaSelected = "false";
  option.className = "menu__item snippets__option";
  option.snippet = snippet;
  name.textContent = `/${snippet.name}`;
  text.textContent = snippet.text;
  text.dir = "auto";
  option.append(name, text);
  return option;
}

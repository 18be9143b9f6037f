// The note under a composer, which says what is wrong with a message or its parameters.
const menusIn = (composer) => [...composer.querySelectorAll("parameter-fields")];
const lineOf = (composer) => composer.querySelector("#composer-note");

export function note(composer, text, isError = false) {
  const line = lineOf(composer);
  line.textContent = text;
  line.classList.toggle("is-error", isError);
}

// The note about a value goes when the value is mended; another note stays.
export function unnote(composer, sentence) {
  if (lineOf(composer).textContent === sentence) note(composer, "");
}

// The note to wait for the reply goes when the reply has ended.
export function unnoteWhenOver(composer, sentence, until) {
  const noted = ({ detail }) => detail.stopUrl || unnote(composer, sentence);
  document.addEventListener("answering", noted, until);
}

export function explain(composer, { field, message }) {
  note(composer, message, true);
  for (const menu of menusIn(composer)) menu.explain(field, message);
}

// A value that cannot be sent must stop the message where its writer sees why.
export function refuseWrongParameter(composer) {
  const wrong = menusIn(composer)
    .map((menu) => menu.wrong)
    .find(Boolean);
  if (wrong) explain(composer, { field: wrong.name, message: wrong.dataset.textWrong });
  return wrong !== undefined;
}

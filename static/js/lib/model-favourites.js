// The stars of the model picker: a model stands in its series and, while it is one, in the favourites.

/** Show `row`'s model as a favourite or not, wherever it stands. */
export function showFavourite(picker, row, isOn) {
  const same = [...picker.querySelectorAll(".model")].filter(
    (other) => other.dataset.model === row.dataset.model,
  );
  for (const star of same.map((other) => other.querySelector(".star"))) {
    star.ariaPressed = String(isOn);
    star.value = isOn ? "off" : "on";
  }
  const list = picker.querySelector("#picker-favourites-group ul");
  if (isOn) list.append(twinOf(row));
  else
    takeOut(
      same.find((other) => list.contains(other)),
      same,
    );
}

function takeOut(row, same) {
  const next = row.nextElementSibling ?? same.find((other) => other !== row);
  const hadFocus = row.contains(document.activeElement);
  row.remove();
  if (hadFocus) next.querySelector(".star").focus();
}

/** A copy with ids of its own. */
function twinOf(row) {
  const twin = row.cloneNode(true);
  for (const part of twin.querySelectorAll("[id]")) part.id += "-favourite";
  for (const part of twin.querySelectorAll("[aria-describedby]")) {
    part.setAttribute("aria-describedby", `${part.getAttribute("aria-describedby")}-favourite`);
  }
  return twin;
}

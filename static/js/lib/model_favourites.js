// The stars of the model picker. A favourite model has two rows: one in its series and one among
// the favourites.

// Show the model of `row` as a favourite or not, in each of its rows.
export function showFavourite(picker, row, isOn) {
  const rows = [...picker.querySelectorAll(".model")];
  const same = rows.filter((other) => other.dataset.model === row.dataset.model);
  for (const star of same.map((other) => other.querySelector(".star"))) {
    star.ariaPressed = String(isOn);
    star.value = isOn ? "off" : "on";
  }
  const list = picker.querySelector("#picker-favourites-group ul");
  if (isOn) list.append(copyOf(row));
  else
    takeOut(
      same.find((other) => list.contains(other)),
      same,
    );
}

// Remove a row; the focus of its star goes to the next row, or to the model's other one.
function takeOut(row, same) {
  const next = row.nextElementSibling ?? same.find((other) => other !== row);
  const hadFocus = row.contains(document.activeElement);
  row.remove();
  if (hadFocus) next.querySelector(".star").focus();
}

// Return a copy of a row in which each id has a suffix, because an id may stand in a page only
// once.
function copyOf(row) {
  const copy = row.cloneNode(true);
  for (const part of copy.querySelectorAll("[id]")) part.id += "-favourite";
  for (const part of copy.querySelectorAll("[aria-describedby]")) {
    part.setAttribute("aria-describedby", `${part.getAttribute("aria-describedby")}-favourite`);
  }
  return copy;
}

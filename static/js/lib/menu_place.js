// Put an opened menu at its button, in browsers without anchor positioning.
const GAP = 6;
const EDGE = 8;
let opener = null;

function place(menu) {
  if (!opener?.isConnected || getComputedStyle(menu).position !== "fixed") return;
  // The menu may have been placed before, in a window of another width.
  for (const name of ["margin", "inset", "top", "left"]) menu.style.removeProperty(name);
  const button = opener.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const isWide = width >= innerWidth;
  if (isWide) return;
  const below = button.bottom + GAP;
  const above = button.top - GAP - height;
  const wantsAbove = menu.classList.contains("menu--up");
  const fits = below + height <= innerHeight - EDGE;
  const start = (wantsAbove || !fits) && above >= EDGE ? above : below;
  const left = menu.classList.contains("menu--end") ? button.right - width : button.left;
  const style = {
    margin: "0",
    inset: "auto",
    top: `${Math.max(EDGE, Math.min(start, innerHeight - EDGE - height))}px`,
    left: `${Math.max(EDGE, Math.min(left, innerWidth - EDGE - width))}px`,
  };
  for (const [name, value] of Object.entries(style)) menu.style.setProperty(name, value);
}

if (!CSS.supports("position-area", "block-end")) {
  // `toggle` has no `source` in these browsers, so the button is the one that was pressed last.
  for (const name of ["pointerdown", "keydown"])
    addEventListener(
      name,
      ({ target }) => {
        opener = target.closest?.("[popovertarget], button, a") ?? opener;
      },
      { capture: true, passive: true },
    );
  addEventListener(
    "toggle",
    ({ target, newState }) =>
      newState === "open" && target.classList?.contains("menu") && place(target),
    { capture: true },
  );
}

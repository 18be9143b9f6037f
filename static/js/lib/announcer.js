// Says something to screen readers, politely and once; nobody sees it.
import { byId } from "lib/dom";

export function announce(text) {
  const region = byId("announcer");
  region.textContent = "";
  // A region that gets the same words twice stays silent unless it was empty in between.
  // A timer, not a frame: a tab in the background paints none.
  setTimeout(() => (region.textContent = text), 50);
}

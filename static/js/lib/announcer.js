// Announce a text to screen readers, by a live region that is not visible.
import { byId } from "lib/dom";

export function announce(text) {
  const region = byId("announcer");
  region.textContent = "";
  // The region is emptied first, because the same text twice would not be announced. A timer fills
  // it and not an animation frame, because a tab in the background has no frames.
  setTimeout(() => {
    region.textContent = text;
  }, 50);
}

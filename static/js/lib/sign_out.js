// Signing out leaves nothing of the person in this browser.
import { forgetAll } from "lib/drafts";

document.addEventListener(
  "submit",
  ({ target }) => target.matches("[data-sign-out]") && forgetAll(),
);

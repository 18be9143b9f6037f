// Delete the user's drafts from this browser when the user signs out.
import { forgetAll } from "lib/drafts";

document.addEventListener(
  "submit",
  ({ target }) => target.matches("[data-sign-out]") && forgetAll(),
);

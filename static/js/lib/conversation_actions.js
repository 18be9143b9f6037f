// Renaming in place and deleting with a way back: for the list's rows and the page's own menu.
import { byId, copyOf, withId } from "lib/dom";
import { Composing } from "lib/composing";
import { post } from "lib/http";
import { visit } from "lib/navigation";
import { toast } from "lib/toast";

const words = () => byId("conversation-actions").dataset;
const url = (action, id) => withId(words()[`${action}Url`], id);
const failed = () => toast(words().textFailed);

// Put a field over `place`, which shows the title. Enter keeps, Escape and leaving restore.
export function editTitle(place, id, showTitle) {
  const form = copyOf("title-template");
  const field = form.elements.title;
  const before = place.textContent;
  const composing = new Composing(field);
  let isOpen = true;
  const close = () => {
    // Removing the form takes the focus from its field, which closes it too.
    if (!isOpen) return;
    isOpen = false;
    form.remove();
    place.hidden = false;
  };
  field.value = before;
  place.hidden = true;
  place.after(form);
  field.select();
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => event.key === "Escape" && !composing.owns(event) && close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const fields = new FormData(form);
    const title = field.value.trim();
    close();
    if (!title || title === before) return;
    showTitle(title);
    const result = await post(url("title", id), fields).catch(() => null);
    if (result?.ok) return;
    showTitle(before);
    failed();
  });
}

export async function remove(id, { isOpen = false } = {}) {
  const result = await post(url("deletion", id)).catch(() => null);
  if (!result?.ok) return failed();
  if (isOpen) return visit(`${words().newUrl}?deleted=${id}`);
  toast(words().textDeleted, { label: words().textUndo, run: () => restore(id) });
}

async function restore(id) {
  const result = await post(url("restoration", id)).catch(() => null);
  if (!result?.ok) failed();
}

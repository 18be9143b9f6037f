// The actions on conversations, for the rows of the sidebar, its selection and the menu of the
// page.
import { byId, withId } from "lib/dom";
import { post } from "lib/http";
import { editName } from "lib/inline_name";
import { visit } from "lib/navigation";
import { toast } from "lib/toast";

const words = () => byId("conversation-actions").dataset;
const url = (action, id) => withId(words()[`${action}Url`], id);
export const failed = (result) => toast(result?.data?.error?.message ?? words().textFailed);

export const openId = () => document.querySelector("chat-stream")?.dataset.conversation;

// Edit the title in a field over `place`. `show` is called with each title that is to be shown.
export const editTitle = (place, id, show) =>
  editName(place, { template: "title-template", url: url("title", id), show, failed });

export async function remove(id, { isOpen = false } = {}) {
  if (!isOpen) return change([id], "delete");
  const result = await post(url("deletion", id)).catch(() => null);
  if (!result?.ok) return failed(result);
  visit(`${words().newUrl}?deleted=${id}`);
}

// Change all conversations of these ids, and offer to undo it if that is possible.
export async function change(ids, what, fields = {}) {
  const body = new FormData();
  for (const id of ids) body.append("conversation", id);
  for (const [name, value] of Object.entries({ ...fields, change: what })) body.set(name, value);
  const result = await post(words().changesUrl, body).catch(() => null);
  if (!result?.ok) return failed(result);
  const { told, undo } = result.data;
  if (what === "delete" && ids.includes(openId())) await visit(words().newUrl);
  toast(told, undo ? { label: words().textUndo, run: () => change(ids, undo) } : null);
}

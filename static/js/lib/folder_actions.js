// The actions on folders: create, rename, move, delete. The sidebar changes by the frames that
// follow.
import { failed } from "lib/conversation_actions";
import { byId, withId } from "lib/dom";
import { post } from "lib/http";
import { editName, nameForm } from "lib/inline_name";

const url = (name, id = "") => withId(byId("conversation-actions").dataset[`${name}Url`], id);

async function send(address, fields) {
  const result = await post(address, new URLSearchParams(fields)).catch(() => null);
  if (result?.ok) return result.data ?? {};
  failed(result);
  return null;
}

// Resolves to the new folder, or null.
export const createFolder = (name, parent = "") => send(url("folders"), { name, parent });

// Ask for the name of a new folder in a form after `place`.
export function askForFolder(place, parent = "") {
  const { form, close } = nameForm("folder-name-template", (_, name) => {
    close();
    if (name) createFolder(name, parent);
  });
  place.after(form);
  form.querySelector("input").focus();
}

export const renameFolder = (place, id) =>
  editName(place, {
    template: "folder-name-template",
    url: url("folderName", id),
    show: (name) => {
      place.textContent = name;
    },
    failed,
  });

export const shiftFolder = (id, by) => send(url("folderPlace", id), { by });

export const placeFolder = (id, parent, before = "") =>
  send(url("folderPlace", id), { parent, before });

// Delete a folder after asking. Its conversations stay.
export function deleteFolder(id, name) {
  const dialog = byId("folder-deletion");
  const title = dialog.querySelector("h2");
  title.textContent = title.dataset.text.replace("{name}", name);
  dialog.returnValue = "";
  const closed = () => dialog.returnValue === "yes" && send(url("folderDeletion", id), {});
  dialog.addEventListener("close", closed, { once: true });
  dialog.showModal();
}

export const folderPage = (id) => url("folder", id);

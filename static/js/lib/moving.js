// Open <move-dialog> for conversations or for a folder.
const ask = (detail) => document.dispatchEvent(new CustomEvent("move-wanted", { detail }));

export const moveConversations = (ids) => ask({ ids });

export const moveFolder = (folder) => ask({ folder });

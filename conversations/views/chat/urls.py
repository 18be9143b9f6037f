"""Routes of conversations, their messages, files, folders and lists."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from conversations.views.chat import (
    approvals,
    attachments,
    conversation_changes,
    conversation_lists,
    conversations,
    exports,
    folders,
    message_acts,
    messages,
    model_choice,
    revisions,
    search,
    sharing,
    sidebar,
    snippets,
    transcripts,
    wire,
)

_MESSAGE = [
    path("", conversations.message, name="message"),
    path("approval/", approvals.approval, name="approval"),
    path("continuation/", message_acts.continuation, name="continuation"),
    path("deletion/", message_acts.message_deletion, name="message_deletion"),
    path("fork/", message_acts.fork, name="fork"),
    path("regeneration/", message_acts.regeneration, name="regeneration"),
    path("restoration/", message_acts.message_restoration, name="message_restoration"),
    path("revision/", revisions.revision, name="revision"),
    path("showing/", message_acts.showing, name="showing"),
    path("steps/", conversations.message_steps, name="message_steps"),
    path("wire/", wire.wire, name="wire"),
]
_CONVERSATION: list[URLPattern | URLResolver] = [
    path("", conversations.conversation, name="conversation"),
    path("deletion/", conversation_changes.deletion, name="deletion"),
    path("export/<slug:name>/", exports.export_file, name="conversation_export"),
    path("messages/", messages.message_create, name="message_create"),
    path("model/", model_choice.conversation_model, name="conversation_model"),
    path("older/", conversations.older_messages, name="older_messages"),
    path("print/", exports.print_page, name="conversation_print"),
    path("preset/", model_choice.conversation_preset, name="conversation_preset"),
    path("reading/", conversation_changes.reading, name="reading"),
    path("restoration/", conversation_changes.restoration, name="restoration"),
    path("sharing/", sharing.sharing, name="sharing"),
    path("thread/", conversations.thread, name="thread"),
    path("title/", conversation_changes.title, name="title"),
    path("messages/<uuid:message_id>/", include(_MESSAGE)),
]
_LISTS = [
    path("", conversation_lists.conversation_list, name="conversation_list"),
    path("archived/", conversation_lists.archived_list, name="archived_list"),
    path("changes/", conversation_lists.changes, name="conversation_changes"),
    path("deleted/", conversation_lists.deleted_list, name="deleted_list"),
    path("deleted/emptying/", conversation_lists.trash_emptying, name="trash_emptying"),
]
_FOLDERS = [
    path("", folders.folder_create, name="folder_create"),
    path("choices/", folders.folder_choices, name="folder_choices"),
    path("<uuid:folder_id>/", conversation_lists.folder, name="folder"),
    path("<uuid:folder_id>/deletion/", folders.folder_deletion, name="folder_deletion"),
    path("<uuid:folder_id>/name/", folders.folder_name, name="folder_name"),
    path("<uuid:folder_id>/prompt/", folders.folder_prompt, name="folder_prompt"),
    path("<uuid:folder_id>/place/", folders.folder_place, name="folder_place"),
]
_FILES = [
    path("", attachments.attachment_create, name="attachment_create"),
    path("<uuid:attachment_id>/", attachments.attachment, name="attachment"),
    path(
        "<uuid:attachment_id>/deletion/",
        attachments.attachment_deletion,
        name="attachment_deletion",
    ),
]
_TRANSCRIPT = [
    path("change/", transcripts.transcript, name="transcript"),
    path("messages/<uuid:message_id>/wire/", wire.transcript_wire, name="transcript_wire"),
]
urlpatterns = [
    path("", conversations.new_chat, name="new_chat"),
    path("c/", messages.conversation_create, name="conversation_create"),
    path("c/<uuid:conversation_id>/", include(_CONVERSATION)),
    path("conversations/", include(_LISTS)),
    path("folders/", include(_FOLDERS)),
    path("attachments/", include(_FILES)),
    path(
        "generations/<uuid:generation_id>/cancellation/", messages.cancellation, name="cancellation"
    ),
    path("admin/conversations/conversation/<uuid:conversation_id>/", include(_TRANSCRIPT)),
    path("models/", model_choice.model_choice, name="model_choice"),
    path("models/<uuid:model_id>/favourite/", model_choice.favourite, name="favourite"),
    path("palette/", search.palette, name="palette"),
    path("search/", search.search_page, name="search"),
    path("snippets/", snippets.snippets, name="snippets"),
    path("sidebar/", sidebar.sidebar_rows, name="sidebar"),
    path("sidebar/folders/", sidebar.sidebar_folders, name="sidebar_folders"),
    path("sidebar/folders/<uuid:folder_id>/", sidebar.sidebar_folder, name="sidebar_folder"),
    path("sidebar/pinned/", sidebar.sidebar_pinned, name="sidebar_pinned"),
]

"""Forks: a branch up to one message, copied into a new conversation."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from conversations.actions import attachments, tree
from conversations.actions.messages import CHOSEN
from conversations.actions.tree import BusyError
from conversations.database import transactions
from conversations.generation.live import notify
from conversations.indexing import writing as search_index
from conversations.models import Conversation, Message
from conversations.queries.messages import with_runs
from conversations.queries.paths import branch_ids
from conversations.upkeep import temporary

PLACED = ("folder_id", "is_temporary", "preset_id")
COPIED = ("role", "parts", "parameters", "html", "html_version", "created", "edited_at")
BATCH = 500


def fork(message: Message) -> Conversation:
    """Copy the branch up to and including ``message`` into a new conversation; nothing is sent.

    Empty answers are left out. Raises access.NotFound, tree.DeletedError, and BusyError while one
    of the answers is running.
    """
    with transactions.write():
        source = tree.lock(message.conversation)
        tree.reread(source, message)
        path = _way_to(message)
        if any(row.generation is not None and row.generation.is_active for row in path):
            raise BusyError
        copy = Conversation.objects.create(
            owner=source.owner,
            title=(_("Branch: %(title)s") % {"title": source.title})[:200],
            **{name: getattr(source, name) for name in (*CHOSEN, *PLACED)},
        )
        said = list(filter(_says_something, path))
        copies = list(_copies(said, copy))
        Message.objects.bulk_create(copies, batch_size=BATCH)
        attachments.copy(zip(said, copies, strict=True), owner=copy.owner)
        search_index.put_title(copy)
        search_index.put_messages(copies)
        copy.leaf = copies[-1] if copies else None
        copy.read_at = copy.active_at
        copy.save(update_fields=["leaf", "read_at"])
        if copy.is_temporary:
            transaction.on_commit(partial(temporary.page_opened, copy.pk))
        transaction.on_commit(partial(notify.conversation, copy.pk))
    return copy


def _way_to(message: Message) -> list[Message]:
    ids = branch_ids(message.pk)
    batches = (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
    return [row for batch in batches for row in with_runs(batch)]


def _says_something(message: Message) -> bool:
    is_users = message.role == Message.Role.USER
    return is_users or bool(message.text.strip()) or bool(message.attachments.all())


def _copies(said: Iterable[Message], copy: Conversation) -> Iterable[Message]:
    parent = None
    for row in said:
        source = row.generation or row
        parent = Message(
            conversation=copy,
            parent=parent,
            model=source.model,
            model_name=source.model_name,
            **{name: getattr(row, name) for name in COPIED},
        )
        yield parent

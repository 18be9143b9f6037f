"""Changes to a whole conversation: rename, delete, restore, mark as read."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.utils import timezone

from conversations.actions.generations import stop_all
from conversations.database import transactions
from conversations.generation.live import notify
from conversations.indexing import writing as search_index
from conversations.models import Conversation
from conversations.upkeep import erasing


def rename(conversation: Conversation, title: str) -> None:
    """Set a title; from then on no model replaces it."""
    with transactions.write():
        _save(conversation, title=title, title_source=Conversation.TitleSource.PERSON)
        search_index.put_title(conversation)


def delete(conversation: Conversation) -> None:
    """Hide a conversation and stop its answers. ``restore`` undoes it.

    A temporary one is erased.
    """
    with transactions.write():
        if conversation.is_temporary:
            erasing.erase(conversation.pk)
            return
        stop_all(Conversation.objects.filter(pk=conversation.pk))
        _save(conversation, deleted_at=timezone.now())


def restore(conversation: Conversation) -> None:
    """Restore a deleted conversation."""
    _save(conversation, deleted_at=None)


def mark_read(conversation: Conversation) -> None:
    """Mark everything so far as read; other tabs lose the unread mark."""
    if conversation.is_unread:
        _save(conversation, read_at=timezone.now())


def _save(conversation: Conversation, **columns: object) -> None:
    for name, value in columns.items():
        setattr(conversation, name, value)
    with transactions.write():
        conversation.save(update_fields=list(columns))
        transaction.on_commit(partial(notify.conversation, conversation.pk))

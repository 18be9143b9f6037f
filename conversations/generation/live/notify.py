"""Tell open pages of changes in the database. Every call follows a commit."""

from __future__ import annotations

import logging
import uuid

from django.db import Error

from conversations.database import threads
from conversations.database.compiled_queries import CompiledQuery
from conversations.generation import loop
from conversations.generation.live import frames, hub
from conversations.models import Conversation, Generation
from conversations.queries.sidebar import COLUMNS

logger = logging.getLogger(__name__)

# The columns of a sidebar's row, and those that say whether it is listed and for whom.
_SHOWN = (*COLUMNS, "owner", "archived_at", "deleted_at")
_shown = CompiledQuery[Conversation](
    lambda pk: Conversation.objects.filter(pk=pk, is_temporary=False).only(*_SHOWN)
)
_active_runs = CompiledQuery[Generation](
    lambda conversation_id: Generation.objects.filter(
        message__conversation=conversation_id, status__in=Generation.ACTIVE
    ).only("status")
)


def conversation(conversation_id: uuid.UUID) -> None:
    """Send a conversation's row to the sidebars of its owner. From any thread.

    A temporary one is in no sidebar.
    """
    loop.spawn(_tell_conversation(conversation_id))


def conversations(user_id: uuid.UUID) -> None:
    """Tell a user's sidebars that many conversations changed at once. From any thread."""
    loop.spawn(hub.tell(user_id, frames.conversations()))


def folders(user_id: uuid.UUID) -> None:
    """Tell a user's sidebars that the folders changed. From any thread."""
    loop.spawn(hub.tell(user_id, frames.folders()))


def branch(conversation_id: uuid.UUID, *, leaf_id: uuid.UUID | None, revision: int) -> None:
    """Tell the watchers of a conversation which branch it shows. From any thread."""
    frame = frames.branch(conversation=conversation_id, leaf=leaf_id, revision=revision)
    loop.spawn(hub.publish(conversation_id, frame))


def stopped(generation: Generation) -> None:
    """Tell the watchers that a run was stopped which had no task. From any thread."""
    generation.status = Generation.Status.STOPPED
    ended(generation)


def ended(generation: Generation) -> None:
    """Tell the watchers how a run has ended that had no task. From any thread."""
    conversation_id = generation.message.conversation_id
    frame = frames.final(
        conversation=conversation_id,
        message=generation.message_id,
        generation=generation.pk,
        sequence=0,
        status=generation.status,
    )
    loop.spawn(hub.publish(conversation_id, frame))


async def _tell_conversation(conversation_id: uuid.UUID) -> None:
    row = await threads.run_read(_read, conversation_id)
    if row is not None:
        user_id, frame = row
        await hub.tell(user_id, frame)


def _read(conversation_id: uuid.UUID) -> tuple[uuid.UUID, str] | None:
    """Return the owner and the frame; None also while the database cannot serve.

    The end of a run must not fail because a sidebar cannot be told.
    """
    try:
        return _row(conversation_id)
    except Error:
        logger.exception("The sidebars could not be told of a change")
        return None


def _row(conversation_id: uuid.UUID) -> tuple[uuid.UUID, str] | None:
    row = _shown.first(conversation_id)
    if row is None:
        return None
    statuses = {run.status for run in _active_runs(conversation_id)}
    is_waiting = Generation.Status.AWAITING_APPROVAL in statuses
    return row.owner_id, frames.conversation(
        conversation=row.id,
        title=row.title,
        active_at=row.active_at,
        answering=bool(statuses) and not is_waiting,
        waiting=is_waiting,
        unread=row.is_unread,
        folder=row.folder_id,
        pinned_at=row.pinned_at,
        archived=row.archived_at is not None,
        deleted=row.deleted_at is not None,
    )

"""Erase deleted conversations and messages that can no longer be restored."""

from __future__ import annotations

import uuid

from conversations.database import threads
from conversations.generation import loop
from conversations.models import Conversation, Message
from conversations.upkeep import erasing

# Seconds between sweeps for conversations past their 30 days.
INTERVAL = 3600.0
# Ids are read in batches, and each conversation is erased in a transaction of its own, so that
# other writers are let in between.
BATCH = 100


def empty_soon() -> None:
    """Erase in the background what is overdue. From any thread, after the commit."""
    loop.spawn(empty())


async def empty() -> None:
    """Erase everything that is overdue."""
    while ids := await threads.run_read(_overdue):
        for conversation_id in ids:
            await threads.run_write(_erase, conversation_id)
    while message_ids := await threads.run_read(_overdue_messages):
        await threads.run_write(_erase_messages, message_ids)


def _overdue() -> list[uuid.UUID]:
    return list(Conversation.objects.overdue().values_list("pk", flat=True)[:BATCH])


def _erase(conversation_id: uuid.UUID) -> None:
    """Erase a conversation unless it was restored just now."""
    if Conversation.objects.overdue().filter(pk=conversation_id).exists():
        erasing.erase(conversation_id)


def _overdue_messages() -> list[uuid.UUID]:
    return list(Message.objects.overdue().values_list("pk", flat=True)[:BATCH])


def _erase_messages(message_ids: list[uuid.UUID]) -> None:
    """Erase messages with all that follows them, unless they were restored just now."""
    Message.objects.overdue().filter(pk__in=message_ids).delete()

"""Deleted conversations and messages that nobody can take back any more are erased."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import uuid

from conversations.database import db
from conversations.generation import loop
from conversations.models import Conversation, Message
from conversations.upkeep import erasing

logger = logging.getLogger(__name__)

# How often it is looked for conversations whose 30 days are over, in seconds.
INTERVAL = 3600.0
# So many are read at a time; each is erased in a transaction of its own, so that others get turns.
BATCH = 100

# Of the loop that keeps the trash.
_wanted: asyncio.Event | None = None


async def keep() -> None:
    """Empty the trash at the start, every hour, and when somebody asks."""
    global _wanted  # noqa: PLW0603 (a process has one engine)
    _wanted = asyncio.Event()
    while True:
        _wanted.clear()
        try:
            await empty()
        except Exception:
            # Whatever it was, the next round must come: nothing stays for longer than was said.
            logger.exception("Deleted conversations could not be erased")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(_wanted.wait(), INTERVAL)


def wake() -> None:
    """Erase now what waits for it. From any thread, after the commit that made it wait."""
    loop.spawn(_wake())


async def empty() -> None:
    """Erase everything that is overdue."""
    while ids := await db.run_read(_overdue):
        for conversation_id in ids:
            await db.run_write(_erase, conversation_id)
    while message_ids := await db.run_read(_overdue_messages):
        await db.run_write(_erase_messages, message_ids)


def _overdue() -> list[uuid.UUID]:
    return list(Conversation.objects.overdue().values_list("pk", flat=True)[:BATCH])


def _erase(conversation_id: uuid.UUID) -> None:
    """Unless it was taken back just now."""
    if Conversation.objects.overdue().filter(pk=conversation_id).exists():
        erasing.erase(conversation_id)


def _overdue_messages() -> list[uuid.UUID]:
    return list(Message.objects.overdue().values_list("pk", flat=True)[:BATCH])


def _erase_messages(message_ids: list[uuid.UUID]) -> None:
    """With what follows them, which was deleted no later. Unless taken back just now."""
    Message.objects.overdue().filter(pk__in=message_ids).delete()


async def _wake() -> None:
    if _wanted is not None:
        _wanted.set()

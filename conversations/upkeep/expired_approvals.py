"""Deny tool calls that nobody allowed in time."""

from __future__ import annotations

from conversations.database import threads
from conversations.generation.live import notify
from conversations.generation.records import approvals

INTERVAL = 30.0


async def deny() -> None:
    """Deny the calls that are overdue, and tell the pages that show them."""
    for generation in await threads.run_write(approvals.expire):
        notify.ended(generation)
        notify.conversation(generation.message.conversation_id)

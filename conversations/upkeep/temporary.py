"""Erase temporary conversations some time after their page was closed."""

from __future__ import annotations

import time
import uuid

from conversations.database import threads
from conversations.generation import loop
from conversations.generation.live import hub
from conversations.models import Conversation
from conversations.upkeep import erasing

# Seconds after a page has gone: one that reloads, or whose network fails, is back within them.
GRACE = 60.0
# Seconds for a page without a socket: without scripts there is no sign that it was closed.
WITHOUT_SOCKET = 600.0
INTERVAL = 5.0

# The time on the monotonic clock at which each is erased, unless its page is open then.
_ends: dict[uuid.UUID, float] = {}


class Sweep:
    """The repeated work; its first round adopts the conversations of the last process."""

    def __init__(self) -> None:
        self._has_adopted = False

    async def round(self) -> None:
        """Erase the conversations that are due."""
        if not self._has_adopted:
            await _adopt()
            self._has_adopted = True
        await sweep(time.monotonic())


def page_opened(conversation_id: uuid.UUID) -> None:
    """Note that the page of a temporary conversation was requested. From any thread."""
    loop.post(_extend, conversation_id)


async def sweep(now: float) -> None:
    """Erase the conversations whose page has been closed for long enough."""
    for conversation_id, end in list(_ends.items()):
        if hub.is_watched(conversation_id):
            _ends[conversation_id] = now + GRACE
        elif end <= now:
            await threads.run_write(erasing.erase, conversation_id)
            _ends.pop(conversation_id, None)


def _extend(conversation_id: uuid.UUID) -> None:
    _ends[conversation_id] = time.monotonic() + WITHOUT_SOCKET


async def _adopt() -> None:
    """Adopt the conversations that the last process left; open pages are back within the grace."""
    for conversation_id in await threads.run_read(_stored):
        _ends.setdefault(conversation_id, time.monotonic() + GRACE)


def _stored() -> list[uuid.UUID]:
    return list(Conversation.objects.filter(is_temporary=True).values_list("pk", flat=True))

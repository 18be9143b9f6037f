"""Temporary conversations live as long as somebody has their page open; then they are erased."""

from __future__ import annotations

import time
import uuid

from conversations.database import threads
from conversations.generation import loop
from conversations.generation.live import hub
from conversations.models import Conversation
from conversations.upkeep import erasing

# A page that is loaded again, or whose network fails, is back within this many seconds.
GRACE = 60.0
# A page that was asked for and has no socket: without scripts nobody tells that it was closed.
WITHOUT_SOCKET = 600.0
INTERVAL = 5.0

# When each is erased, by the clock of the loop's process, unless its page is open then.
_ends: dict[uuid.UUID, float] = {}


class Sweep:
    """Erase conversations whose page has gone; the first round adopts those of the last process."""

    def __init__(self) -> None:
        self._has_adopted = False

    async def round(self) -> None:
        """Erase what is due now."""
        if not self._has_adopted:
            await _adopt()
            self._has_adopted = True
        await sweep(time.monotonic())


def page_opened(conversation_id: uuid.UUID) -> None:
    """Note that the page of a temporary conversation was requested. For any thread."""
    loop.spawn(_extend(conversation_id))


async def sweep(now: float) -> None:
    """Erase those that nobody has open since long enough."""
    for conversation_id, end in list(_ends.items()):
        if hub.is_watched(conversation_id):
            _ends[conversation_id] = now + GRACE
        elif end <= now:
            await threads.run_write(erasing.erase, conversation_id)
            _ends.pop(conversation_id, None)


async def _extend(conversation_id: uuid.UUID) -> None:
    _ends[conversation_id] = time.monotonic() + WITHOUT_SOCKET


async def _adopt() -> None:
    """Those that the last process left: pages that are still open come back within the grace."""
    for conversation_id in await threads.run_read(_stored):
        _ends.setdefault(conversation_id, time.monotonic() + GRACE)


def _stored() -> list[uuid.UUID]:
    return list(Conversation.objects.filter(is_temporary=True).values_list("pk", flat=True))

"""The object of one run in this process: its answer so far, its requests, and how it is stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any, TypeVar

from conversations.generation import loop
from conversations.generation.api_calls import ApiCall
from conversations.generation.live import hub
from conversations.generation.live.flusher import AnswerFlusher
from conversations.models import Generation, UsageRecord
from conversations.upstream.answer.answer import Answer, from_json

R = TypeVar("R")


class Run:
    """A generation while this process produces it.

    It holds no rows: those belong to the thread that made them, and functions that write read them
    anew (generation/records/leases.py).
    """

    def __init__(self, generation: Generation, *, session_key: str = "") -> None:
        """Read the ids and the answer so far. ``session_key``: the session that the run ends with.

        ``generation`` has its message loaded, and the message its parent.
        """
        message, question = generation.message, generation.message.parent
        self.id = generation.pk
        self.message_id = message.pk
        self.conversation_id = message.conversation_id
        self.session_key = session_key
        self.is_first = question is not None and question.parent_id is None
        self.is_continued = bool(message.parts)
        self.answer = Answer(from_json(message.parts))
        self.live = hub.LiveAnswer(self.id, self.message_id, self.conversation_id)
        self.flusher = AnswerFlusher(self.live, self.answer)
        # The source of each parameter that was sent, once the plan is there.
        self.parameters: Mapping[str, Any] = {}
        # All requests in order, those of the image tool included.
        self.calls: list[ApiCall] = []
        # Whether the answer has grown since the last checkpoint.
        self.is_dirty = False
        # Whether the end is being stored: no lease is looked for any more.
        self.is_ending = False
        # The status that a stop asked for, and whether the lease is lost.
        self.stopped_as = ""
        self.is_lost = False
        self._work: asyncio.Task[Any] | None = None

    @property
    def own_calls(self) -> list[ApiCall]:
        """The requests whose responses are the answer itself."""
        return [call for call in self.calls if call.purpose is not UsageRecord.Purpose.IMAGE]

    def changed(self) -> None:
        """Note that the answer has grown: the journal stores it, the flusher shows it."""
        self.is_dirty = True
        self.flusher.touch()

    async def unless_stopped(self, work: Coroutine[Any, Any, R]) -> R | None:
        """Run ``work`` in a task that ``stop`` cancels; return None where it did.

        The caller goes on in either case and can record the end.
        """
        if self._is_stopped():
            work.close()
            return None
        task: asyncio.Task[R] = loop.start(work)
        self._work = task
        try:
            result: R = await task
        except asyncio.CancelledError:
            if not self._is_stopped():
                raise
            return None
        return result

    def stop(self, status: str) -> None:
        """End the run as ``status`` and keep what arrived. The first call decides."""
        if self.stopped_as:
            return
        self.stopped_as = status
        if self._work is not None:
            self._work.cancel()

    def lose(self) -> None:
        """End without writing or publishing anything, because another process has the lease."""
        self.is_lost = True
        self.stop(Generation.Status.INTERRUPTED)

    def _is_stopped(self) -> bool:
        return bool(self.stopped_as)

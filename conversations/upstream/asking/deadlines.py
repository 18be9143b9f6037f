"""The deadline of each wait in an exchange. Only data events count: comments are no progress."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from conversations.upstream.endpoint import Timers
from conversations.upstream.errors import ErrorKind, UpstreamError

T = TypeVar("T")


class Deadlines:
    """Bounds each wait for bytes, and names the error when they do not come in time."""

    def __init__(self, timers: Timers, *, streamed: bool) -> None:
        self._timers = timers
        self._now = asyncio.get_running_loop().time
        whole = timers.whole if streamed else timers.plain
        self._end = self._now() + whole
        self._streamed = streamed
        self.begin_attempt()

    @property
    def remaining(self) -> float:
        """Seconds that the whole exchange may still take."""
        return self._end - self._now()

    def begin_attempt(self) -> None:
        """Start waiting for a first data event."""
        self._last = self._now()
        self._events = 0
        self._is_complete = False

    def note(self, events: int, *, is_complete: bool) -> None:
        """Take the number of data events so far, and whether the end was announced."""
        if events > self._events:
            self._last = self._now()
        self._events = events
        self._is_complete = is_complete

    async def wait(self, awaitable: Awaitable[T]) -> T:
        """Await until the running timer ends; raises `UpstreamError` (timed_out or stalled)."""
        when, kind = self._deadline()
        try:
            async with asyncio.timeout_at(when):
                if self._now() >= when:
                    # A timeout interrupts only who waits, and bytes may be there at each read.
                    await asyncio.sleep(0)
                return await awaitable
        except TimeoutError:
            raise UpstreamError(kind) from None

    def _deadline(self) -> tuple[float, ErrorKind]:
        step, kind = self._step()
        if not self._streamed or self._last + step >= self._end:
            return self._end, ErrorKind.TIMED_OUT
        return self._last + step, kind

    def _step(self) -> tuple[float, ErrorKind]:
        if self._is_complete:
            return self._timers.after_finish, ErrorKind.STALLED
        if self._events:
            return self._timers.between, ErrorKind.STALLED
        return self._timers.first, ErrorKind.TIMED_OUT

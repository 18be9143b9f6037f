"""A request's body, sent in pieces while somebody watches that the server takes them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

PIECE = 64 * 1024


class Upload:
    """Iterate it for the pieces of `body`; `watched` raises when one is not taken in time.

    `patience` is in seconds, None for ever. Smaller bodies go out with the head: see `data`.
    """

    def __init__(self, body: bytes, patience: float | None) -> None:
        self._body = body
        self._patience = patience
        self._limit: asyncio.Timeout | None = None

    @property
    def data(self) -> bytes | Upload | None:
        """The `data` for aiohttp: itself only where there is more than one piece."""
        return self if len(self._body) > PIECE else self._body or None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the pieces; the next one is asked for when there is room for it."""
        for start in range(0, len(self._body), PIECE):
            self._wait(self._patience)
            yield self._body[start : start + PIECE]
        self._wait(None)

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Raise `httpx.WriteTimeout` from the block when the server takes nothing for too long."""
        try:
            async with asyncio.timeout(None) as self._limit:
                yield
        except TimeoutError:
            raise httpx.WriteTimeout("") from None
        finally:
            self._limit = None

    def _wait(self, seconds: float | None) -> None:
        if self._limit is not None:
            now = asyncio.get_running_loop().time()
            self._limit.reschedule(None if seconds is None else now + seconds)

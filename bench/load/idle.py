"""The server's memory at rest, and for each idle socket."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bench.load.asking import opened
from bench.load.page import Page
from bench.load.processes import resident_bytes

SOCKETS = 1_000
_SETTLING = 2.0  # seconds


async def per_socket(pages: Sequence[Page], pid: int) -> float:
    """Return the bytes for each subscribed socket, after a first one has caused the imports."""
    first, *others = pages
    async with opened([first]):
        await asyncio.sleep(_SETTLING)
        before = resident_bytes(pid)
        async with opened(others):
            await asyncio.sleep(_SETTLING)
            return (resident_bytes(pid) - before) / len(others)

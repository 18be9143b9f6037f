"""Many concurrent readers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from bench.load.readers import Heard, Reader, session

# Connections that are opened at a time.
_DOOR = 20


@asynccontextmanager
async def opened(readers: Sequence[Reader]) -> AsyncIterator[None]:
    """Open all readers, and close their session at the end."""
    door = asyncio.Semaphore(_DOOR)
    async with session() as http:

        async def open_one(reader: Reader) -> None:
            async with door:
                await reader.open(http)

        await asyncio.gather(*map(open_one, readers))
        yield


async def ask_all(readers: Sequence[Reader], prompt: str, *, within: float) -> list[Heard]:
    """Let each ask once, spread over ``within`` seconds; a failure gives an empty Heard."""

    async def ask(number: int, reader: Reader) -> Heard:
        await asyncio.sleep(within * number / len(readers))
        return await reader.ask(prompt)

    asking = [ask(number, reader) for number, reader in enumerate(readers)]
    results = await asyncio.gather(*asking, return_exceptions=True)
    return [Heard() if isinstance(result, BaseException) else result for result in results]

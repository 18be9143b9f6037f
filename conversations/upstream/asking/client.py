"""The entry to upstreams: one client per process and event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from conversations.upstream.asking.attempt import Pace
from conversations.upstream.asking.exchange import Exchange, OnRetry
from conversations.upstream.asking.pools import Pools
from conversations.upstream.asking.retry import MAX_RETRIES
from conversations.upstream.endpoint import Endpoint, Timers
from conversations.upstream.request import ChatRequest

CONCURRENCY = 200
_TIMERS = Timers()


class Client:
    """Sends requests to upstreams, at most `concurrency` at once."""

    def __init__(self, *, concurrency: int = CONCURRENCY) -> None:
        self._slots = asyncio.Semaphore(concurrency)
        self._pools = Pools()

    @asynccontextmanager
    async def exchange(
        self,
        endpoint: Endpoint,
        request: ChatRequest,
        timers: Timers = _TIMERS,
        *,
        max_retries: int = MAX_RETRIES,
        on_retry: OnRetry | None = None,
        pace: Pace | None = None,
    ) -> AsyncGenerator[Exchange, None]:
        """Open an exchange; leaving the context, also by cancellation, closes its connection.

        `on_retry` is called before the wait of each retry. `pace` is awaited between two reads,
        from the first delta to the end. Iterating the exchange raises `UpstreamError`; opening it
        raises nothing.
        """
        async with self._slots:
            exchange = Exchange(
                pools=self._pools,
                endpoint=endpoint,
                request=request,
                timers=timers,
                max_retries=max_retries,
                on_retry=on_retry,
                pace=pace,
            )
            try:
                yield exchange
            finally:
                await exchange.aclose()

    async def aclose(self) -> None:
        """Close all connections."""
        await self._pools.aclose()

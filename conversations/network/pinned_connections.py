"""Connections to the one address that was judged, whoever opens them."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Iterable
from functools import cache

import httpcore
import httpx

Resolver = Callable[[str, int], Awaitable[str]]
"""From (host, port) to the IP address to connect to; may raise `AddressRefused` or `OSError`."""


class PinnedBackend(httpcore.AsyncNetworkBackend):
    """Connects to the one address that a resolver names.

    The pool still knows the connection by the host's name, so the Host header, SNI and the
    certificate check are about the name.
    """

    def __init__(self, resolve: Resolver) -> None:
        self._resolve = resolve
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the interface of httpcore
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolve the host and connect to what came out."""
        try:
            async with asyncio.timeout(timeout):
                address = await self._resolve(host, port)
        except TimeoutError:
            raise httpcore.ConnectTimeout from None
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from None
        return await self._network.connect_tcp(
            address, port, timeout, local_address, socket_options
        )

    async def sleep(self, seconds: float) -> None:
        """Wait, as httpcore's own retries would."""
        await asyncio.sleep(seconds)


@cache
def trusted_roots() -> ssl.SSLContext:
    """Return the one TLS context of this process; making one takes tens of milliseconds."""
    return httpx.create_ssl_context(trust_env=False)

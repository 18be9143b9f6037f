"""Resolution of a name to the one address that was judged, and that is connected to."""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable

from aiohttp.abc import AbstractResolver, ResolveResult

Resolve = Callable[[str, int], Awaitable[str]]
"""From (host, port) to the IP address to connect to; may raise `AddressRefused` or `OSError`."""


class PinnedResolver(AbstractResolver):
    """Gives aiohttp the address that `resolve` returns, and no other to try after it.

    aiohttp still knows the connection by the host's name, so the Host header, SNI and the
    certificate check are about the name.
    """

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the one address."""
        del family
        address = await self._resolve(host, port)
        is_v6 = ":" in address
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if is_v6 else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
        ]

    async def close(self) -> None:
        """Do nothing: nothing is held."""


def is_not_resolved(host: str) -> bool:
    """Whether aiohttp connects to `host` without asking its resolver: IP addresses as text."""
    return ":" in host or host.replace(".", "").isdigit()

"""The HTTP clients of one process: one for each set of addresses that may be reached."""

from __future__ import annotations

from functools import partial
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from conversations.network.addresses import resolve_public
from conversations.network.tls import trusted_roots
from conversations.network.transport import OutboundTransport
from conversations.upstream.endpoint import Endpoint
from conversations.upstream.errors import ErrorKind, UpstreamError

_Reach = tuple[bool, frozenset[str]]


class Pools:
    """Hands out clients, each with a pool of connections.

    A connection that was opened without the guard is never used by a guarded endpoint, even
    for the same host: the addresses that may be reached are part of a pool's identity.
    """

    def __init__(self) -> None:
        self._clients: dict[_Reach, httpx.AsyncClient] = {}
        self._is_closed = False

    def client_for(self, endpoint: Endpoint) -> httpx.AsyncClient:
        """Return the endpoint's client. Raises UpstreamError once the pools are closed.

        A request that a title sends while the process ends would open one that nobody closes.
        """
        if self._is_closed:
            raise UpstreamError(ErrorKind.UNREACHABLE)
        reach = (endpoint.guard, endpoint.allowed_hosts if endpoint.guard else frozenset())
        client = self._clients.get(reach)
        if client is None:
            resolve = partial(resolve_public, allowed_hosts=endpoint.allowed_hosts)
            transport = OutboundTransport(
                resolve=resolve if endpoint.guard else None, tls=trusted_roots()
            )
            client = self._clients[reach] = make_client(transport)
        return client

    async def aclose(self) -> None:
        """Close every connection, and open no more."""
        self._is_closed = True
        clients, self._clients = self._clients, {}
        for client in clients.values():
            await client.aclose()


def make_client(transport: OutboundTransport) -> httpx.AsyncClient:
    """Return a client that follows no redirect and keeps no cookie.

    A cookie jar would carry one user's session with the upstream into another's request.
    """
    return httpx.AsyncClient(
        transport=transport,
        trust_env=False,
        follow_redirects=False,
        cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
        headers={"Accept-Encoding": "identity", "User-Agent": "Chatsite"},
    )

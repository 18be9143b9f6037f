"""How bytes reach an upstream: httpx over a pool whose connections are pinned where guarded."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpcore
import httpx

from conversations.network.pinned_connections import PinnedBackend, Resolver
from conversations.upstream.transport.gathering import GatheringConnection
from conversations.upstream.transport.pacing import PacedBackend

KEEPALIVE_CONNECTIONS = 50
KEEPALIVE_SECONDS = 60.0


class _Connection(httpcore.AsyncHTTPConnection):
    """A connection that gathers, and is not forgotten when its first request is cancelled.

    httpcore 1.0.9 leaves one that was opened but not yet used open for ever in that case: some
    five in a thousand cancelled requests, each a socket.
    """

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send a request; whatever stops the first one closes the connection."""
        try:
            return await (await self._opened(request)).handle_async_request(request)
        except BaseException:
            if ", NEW, " in self.info():
                await self.aclose()
            raise

    async def _opened(self, request: httpcore.Request) -> httpcore.AsyncConnectionInterface:
        """Connect if that has not been done, as the parent does for HTTP/1.1."""
        try:
            async with self._request_lock:
                if self._connection is None:
                    stream = await self._connect(request)
                    self._connection = GatheringConnection(
                        self._origin, stream, keepalive_expiry=KEEPALIVE_SECONDS
                    )
                return self._connection
        except BaseException:
            self._connect_failed = True
            raise


class _ConnectionPool(httpcore.AsyncConnectionPool):
    """httpcore's pool, HTTP/1.1 only, with connections of ours."""

    def __init__(
        self,
        *,
        ssl_context: ssl.SSLContext,
        network_backend: httpcore.AsyncNetworkBackend,
        max_connections: int | None,
    ) -> None:
        super().__init__(
            max_connections=max_connections,
            max_keepalive_connections=KEEPALIVE_CONNECTIONS,
            keepalive_expiry=KEEPALIVE_SECONDS,
        )
        self._tls = ssl_context
        self._backend = network_backend

    def create_connection(self, origin: httpcore.Origin) -> httpcore.AsyncConnectionInterface:
        """Return a connection that is not open yet."""
        return _Connection(
            origin=origin,
            ssl_context=self._tls,
            keepalive_expiry=KEEPALIVE_SECONDS,
            network_backend=self._backend,
        )


class PooledTransport(httpx.AsyncHTTPTransport):
    """httpx's transport over a pool of ours.

    `max_connections` stays None: httpcore 1.0.9 can lose slots when requests are cancelled
    (notes/stack.md § 6), so concurrency is limited by the client's own semaphore.
    """

    def __init__(
        self,
        *,
        resolve: Resolver | None,
        verify: ssl.SSLContext,
        max_connections: int | None = None,
    ) -> None:
        super().__init__(verify=verify, trust_env=False)
        self._pool = _ConnectionPool(
            ssl_context=verify,
            network_backend=PacedBackend(
                PinnedBackend(resolve) if resolve else httpcore.AnyIOBackend()
            ),
            max_connections=max_connections,
        )

    @property
    def connection_count(self) -> int:
        """How many connections the pool holds, idle ones included."""
        return len(self._pool.connections)


@dataclass
class HttpPool:
    """An httpx client and how many exchanges use it; a retired one closes after the last."""

    http: httpx.AsyncClient
    transport: PooledTransport
    users: int = 0
    is_retired: bool = False

    async def leave(self) -> None:
        """Give it up after use."""
        self.users -= 1
        await self.close_if_unused()

    async def close_if_unused(self) -> None:
        """Close a retired pool once nobody uses it."""
        if self.is_retired and not self.users:
            await self.http.aclose()


def make_pool(transport: PooledTransport) -> HttpPool:
    """Wrap a transport in an httpx client that follows no redirect and keeps no cookie.

    A cookie jar would carry one person's session with the upstream into another's request.
    """
    http = httpx.AsyncClient(
        transport=transport,
        trust_env=False,
        follow_redirects=False,
        cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
        headers={"Accept-Encoding": "identity", "User-Agent": "Chatsite"},
    )
    return HttpPool(http=http, transport=transport)

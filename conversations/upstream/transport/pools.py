"""The connection pools of one process: one for each set of addresses that may be reached."""

from __future__ import annotations

from functools import partial

from conversations.network.addresses import resolve_public
from conversations.network.pinned_connections import trusted_roots
from conversations.upstream.endpoint import Endpoint
from conversations.upstream.transport.transport import HttpPool, PooledTransport, make_pool

_Reach = tuple[bool, frozenset[str]]


class Pools:
    """Hands out pools.

    A connection that was opened without the guard is never used by a guarded endpoint, even
    for the same host: what may be reached is part of a pool's identity.
    """

    def __init__(self, *, max_connections: int | None = None) -> None:
        self._max_connections = max_connections
        self._pools: dict[_Reach, HttpPool] = {}

    def enter(self, endpoint: Endpoint) -> HttpPool:
        """Return the endpoint's pool, counted as in use; call its `leave` afterwards."""
        reach = _reach(endpoint)
        pool = self._pools.get(reach)
        if pool is None:
            pool = self._pools[reach] = self._make(endpoint)
        pool.users += 1
        return pool

    def retire(self, pool: HttpPool) -> None:
        """Take a pool out of use; it closes when its last user leaves."""
        pool.is_retired = True
        self._pools = {reach: kept for reach, kept in self._pools.items() if kept is not pool}

    @property
    def connection_count(self) -> int:
        """How many connections are open or being opened."""
        return sum(pool.transport.connection_count for pool in self._pools.values())

    async def aclose(self) -> None:
        """Close every pool."""
        pools, self._pools = self._pools, {}
        for pool in pools.values():
            await pool.http.aclose()

    def _make(self, endpoint: Endpoint) -> HttpPool:
        resolve = partial(resolve_public, allowed_hosts=endpoint.allowed_hosts)
        return make_pool(
            PooledTransport(
                resolve=resolve if endpoint.guard else None,
                verify=trusted_roots(),
                max_connections=self._max_connections,
            )
        )


def _reach(endpoint: Endpoint) -> _Reach:
    return endpoint.guard, endpoint.allowed_hosts if endpoint.guard else frozenset()

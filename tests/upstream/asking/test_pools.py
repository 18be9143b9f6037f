"""The clients of a process, and their end."""

from __future__ import annotations

import pytest

from conversations.upstream.asking.pools import Pools
from conversations.upstream.endpoint import Endpoint
from conversations.upstream.errors import UpstreamError

ENDPOINT = Endpoint("https://api.example.org/v1", "k" * 20)


async def test_an_endpoint_keeps_its_client() -> None:
    pools = Pools()
    assert pools.client_for(ENDPOINT) is pools.client_for(ENDPOINT)
    await pools.aclose()


async def test_nothing_is_opened_after_the_end() -> None:
    pools = Pools()
    client = pools.client_for(ENDPOINT)
    await pools.aclose()
    assert client.is_closed
    with pytest.raises(UpstreamError):
        pools.client_for(ENDPOINT)

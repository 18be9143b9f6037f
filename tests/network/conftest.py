"""A transport for each test, on each event loop, and a site that it may reach."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterator, Mapping

import pytest

from conversations.network.transport import OutboundTransport
from tests.fakes.website import FakeSite, serve
from tests.loops import LOOPS, LoopFactory


def pytest_asyncio_loop_factories() -> Mapping[str, LoopFactory]:
    return LOOPS


@pytest.fixture
def site() -> Iterator[FakeSite]:
    with FakeSite() as fake:
        fake.pages["/"] = serve("Hello")
        yield fake


@pytest.fixture
async def transport() -> AsyncIterator[OutboundTransport]:
    """A transport that may reach every address."""
    async with OutboundTransport(resolve=None, tls=ssl.create_default_context()) as transport:
        yield transport

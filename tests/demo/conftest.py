"""A running demo upstream without pauses, and a client that holds its key."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from conversations.demo.server import DemoServer
from conversations.demo.stream import Pace
from tests.demo.talk import MODELS

HURRIED = Pace(first=0, delta=0)


@pytest.fixture
async def server() -> AsyncIterator[DemoServer]:
    async with DemoServer(models=MODELS, pace=HURRIED) as running:
        yield running


@pytest.fixture
async def client(server: DemoServer) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"x-api-key": server.key}
    async with httpx.AsyncClient(base_url=server.base_url, headers=headers, timeout=30) as opened:
        yield opened

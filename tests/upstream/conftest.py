from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from conversations.upstream.answer.answer import Answer
from conversations.upstream.asking.client import Client
from conversations.upstream.asking.retry import Retry
from conversations.upstream.body.outcome import Outcome
from conversations.upstream.endpoint import Endpoint, Timers
from conversations.upstream.errors import UpstreamError
from conversations.upstream.request import ChatRequest
from tests.fakes.upstream import FakeUpstream
from tests.loops import LOOPS, LoopFactory

KEY = "sk-test-abcdefghijkl"
MESSAGES = [{"role": "user", "content": "Hello"}]


# These depend on how an event loop reads and closes connections.
ON_EACH_LOOP = {"test_closing.py", "test_pacing.py"}


def pytest_asyncio_loop_factories(item: pytest.Item) -> Mapping[str, LoopFactory]:
    return LOOPS if item.path.name in ON_EACH_LOOP else {"asyncio": asyncio.new_event_loop}


@dataclass
class Asked:
    """The result of an exchange."""

    answer: Answer
    outcome: Outcome
    error: UpstreamError | None
    retries: list[Retry]

    @property
    def text(self) -> str:
        return self.answer.text

    @property
    def failure(self) -> UpstreamError:
        assert self.error is not None
        return self.error


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    client = Client()
    yield client
    await client.aclose()


@pytest.fixture
def endpoint(fake_upstream: FakeUpstream) -> Endpoint:
    return Endpoint(fake_upstream.url, KEY, guard=False)


@pytest.fixture
def ask(client: Client, endpoint: Endpoint) -> Callable[..., Any]:
    """Return a function that makes one exchange; an error is part of its result."""
    default = endpoint

    async def ask(
        *,
        endpoint: Endpoint = default,
        stream: bool = True,
        image: bool = False,
        timers: Timers | None = None,
        max_retries: int = 2,
        tools: Sequence[Mapping[str, object]] = (),
        tool_choice: str | None = None,
    ) -> Asked:
        request = ChatRequest(
            "gpt-5", MESSAGES, stream=stream, image=image, tools=tools, tool_choice=tool_choice
        )
        answer, error, retries = Answer(), None, list[Retry]()
        async with client.exchange(
            endpoint,
            request,
            timers or Timers(),
            max_retries=max_retries,
            on_retry=retries.append,
        ) as exchange:
            try:
                async for delta in exchange:
                    answer.add(delta)
            except UpstreamError as caught:
                error = caught
        answer.finish()
        return Asked(answer, exchange.outcome, error, retries)

    return ask

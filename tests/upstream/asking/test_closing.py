"""An exchange that is left closes its connection at once and leaks nothing."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from conversations.upstream.answer.answer import Answer
from conversations.upstream.asking.client import Client
from conversations.upstream.endpoint import Endpoint
from conversations.upstream.errors import UpstreamError
from conversations.upstream.request import ChatRequest
from tests.conftest import wait_for
from tests.fakes import behaviours
from tests.fakes.reply import Reply
from tests.fakes.upstream import FakeUpstream
from tests.upstream.conftest import MESSAGES

REQUEST = ChatRequest("gpt-5", MESSAGES, stream=True)


async def read(client: Client, endpoint: Endpoint, seen: asyncio.Event | None = None) -> None:
    async with client.exchange(endpoint, REQUEST) as exchange:
        async for _ in exchange:
            if seen is not None:
                seen.set()


async def closed(fake_upstream: FakeUpstream) -> bool:
    return await asyncio.to_thread(fake_upstream.requests[-1].wait_closed)


@pytest.mark.parametrize(
    "behaviour",
    [behaviours.stall("a"), behaviours.endless("a", delay=0.01), behaviours.endless("a")],
)
async def test_cancelling_a_stream_closes_its_connection(
    client: Client, endpoint: Endpoint, fake_upstream: FakeUpstream, behaviour: Any
) -> None:
    fake_upstream.script(behaviour)
    seen = asyncio.Event()
    task = asyncio.create_task(read(client, endpoint, seen))
    await seen.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await closed(fake_upstream)


async def test_cancelling_before_the_head_closes_the_connection(
    client: Client, endpoint: Endpoint, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.script(behaviours.hang)
    task = asyncio.create_task(read(client, endpoint))
    await asyncio.to_thread(fake_upstream.wait_for_requests, 1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await closed(fake_upstream)


async def test_cancelling_a_wait_sends_no_retry(
    client: Client, endpoint: Endpoint, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.fail(503, headers={"retry-after": "15"})
    waiting = asyncio.Event()

    async def ask() -> None:
        async with client.exchange(endpoint, REQUEST, on_retry=lambda _: waiting.set()) as exchange:
            async for _ in exchange:
                pass

    task = asyncio.create_task(ask())
    await waiting.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(fake_upstream.requests) == 1


async def test_an_exchange_that_is_left_early_closes_its_connection(
    client: Client, endpoint: Endpoint, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.script(behaviours.stall("a", "b"))
    async with client.exchange(endpoint, REQUEST) as exchange:
        async for _ in exchange:
            break
    assert await closed(fake_upstream)
    assert not exchange.outcome.is_complete


async def test_an_answer_that_is_too_large_closes_its_connection(
    client: Client, endpoint: Endpoint, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.script(behaviours.endless("x" * 1000))
    answer = Answer(limit=50_000)

    async def fold() -> None:
        async with client.exchange(endpoint, REQUEST) as exchange:
            async for delta in exchange:
                answer.add(delta)

    with pytest.raises(UpstreamError) as caught:
        await fold()
    assert caught.value.kind == "too_large"
    assert len(answer.text) == 50_000
    assert await closed(fake_upstream)


async def test_two_hundred_cancelled_streams_leave_nothing(
    client: Client, endpoint: Endpoint, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.default = behaviours.endless("a", delay=0.01)
    # The pauses differ, because streams are to be cancelled at different stages.
    for _ in range(4):
        tasks = [asyncio.create_task(read(client, endpoint)) for _ in range(50)]
        for number, task in enumerate(tasks):
            await asyncio.sleep(0.002 * (number % 3))
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(result, asyncio.CancelledError) for result in results)
    await asyncio.to_thread(wait_for, lambda: fake_upstream.open_connections == 0)
    fake_upstream.default = behaviours.say("fine")
    await read(client, endpoint)


async def test_concurrency_is_limited(endpoint: Endpoint, fake_upstream: FakeUpstream) -> None:
    served = most = 0

    async def behave(reply: Reply) -> None:
        nonlocal served, most
        served += 1
        most = max(most, served)
        await asyncio.sleep(0.02)
        served -= 1
        await behaviours.say("a")(reply)

    fake_upstream.default = behave
    client = Client(concurrency=2)
    await asyncio.gather(*(read(client, endpoint) for _ in range(10)))
    assert (most, len(fake_upstream.requests)) == (2, 10)
    await client.aclose()

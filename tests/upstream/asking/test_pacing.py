"""Pauses between reads: none before the first word, and none at the end."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator

from conversations.upstream.answer.answer import Delta
from conversations.upstream.asking.client import Client
from conversations.upstream.endpoint import Endpoint
from conversations.upstream.request import ChatRequest
from tests.fakes import behaviours
from tests.fakes.upstream import FakeUpstream
from tests.upstream.body.receive import stream
from tests.upstream.conftest import MESSAGES

CHUNK = {"choices": [{"delta": {"content": "a"}}]}
REQUEST = ChatRequest("gpt-5", MESSAGES, stream=True)


async def _rest(deltas: AsyncIterator[Delta]) -> list[Delta]:
    return [delta async for delta in deltas]


async def test_the_first_delta_comes_at_once_and_the_end_when_it_is_time(
    client: Client, endpoint: Endpoint, fake_upstream: FakeUpstream
) -> None:
    gate = fake_upstream.hold("One")
    looks, time_to_look = asyncio.Event(), asyncio.Event()

    async def pace() -> None:
        looks.set()
        await time_to_look.wait()

    async with client.exchange(endpoint, REQUEST, pace=pace) as exchange:
        deltas = aiter(exchange)
        assert (await anext(deltas)).text == "One"
        assert not looks.is_set()
        rest = asyncio.ensure_future(_rest(deltas))
        gate.release()
        await looks.wait()
        assert not rest.done()
        time_to_look.set()
        await rest
    assert exchange.outcome.is_complete


async def test_the_end_is_read_without_a_pause_and_the_connection_used_again(
    client: Client, endpoint: Endpoint, fake_upstream: FakeUpstream
) -> None:
    async def pace() -> None:
        await asyncio.sleep(0.01)

    for _ in range(3):
        fake_upstream.say("One", " two", delay=0.02)
        async with client.exchange(endpoint, REQUEST, pace=pace) as exchange:
            assert "".join([delta.text async for delta in exchange]) == "One two"
    assert fake_upstream.accepted == 1


async def test_a_pause_ends_with_the_exchange(
    client: Client, endpoint: Endpoint, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.hold("One")

    async def pace() -> None:
        await asyncio.Event().wait()

    async def read() -> None:
        async with client.exchange(endpoint, REQUEST, pace=pace) as exchange:
            async for _ in exchange:
                reading.set()

    reading = asyncio.Event()
    task = asyncio.create_task(read())
    await reading.wait()
    task.cancel()
    await asyncio.wait([task])
    assert await asyncio.to_thread(fake_upstream.requests[0].wait_closed)


async def test_what_came_in_a_pause_is_read_in_one_piece(
    client: Client, endpoint: Endpoint, fake_upstream: FakeUpstream
) -> None:
    words = [f" {number}" for number in range(15)]
    gate = fake_upstream.hold("One", *words)
    time_to_look = asyncio.Event()

    async def pace() -> None:
        await time_to_look.wait()

    async with client.exchange(endpoint, REQUEST, pace=pace) as exchange:
        deltas = aiter(exchange)
        text = (await anext(deltas)).text
        assert await asyncio.to_thread(gate.wait_reached)
        gate.release()
        time_to_look.set()
        text += "".join([delta.text async for delta in deltas])
    assert text == "".join(["One", *words])
    # The head and each word is a chunk; anything before the first word may have come by itself.
    [attempt] = exchange.recording.attempts
    assert len(attempt.received) < 8


async def test_words_before_the_end_of_a_connection_are_kept(
    client: Client, endpoint: Endpoint, fake_upstream: FakeUpstream
) -> None:
    """They arrive in a pause, and so does the reset behind them."""
    fake_upstream.script(behaviours.reset("One", " two", " three"))

    async def pace() -> None:
        await asyncio.to_thread(fake_upstream.requests[0].wait_closed)
        await asyncio.sleep(0.05)

    async with client.exchange(endpoint, REQUEST, pace=pace) as exchange:
        assert "".join([delta.text async for delta in exchange]) == "One two three"
    assert not exchange.outcome.is_complete


async def test_the_rest_of_a_large_piece_is_not_waited_for(
    client: Client, endpoint: Endpoint, fake_upstream: FakeUpstream
) -> None:
    """A full piece is followed at once by data that has arrived, such as that of an image."""
    words = gzip.compress(stream(*[json.dumps(CHUNK | {"pad": "x" * 10_000})] * 100))
    fake_upstream.script(behaviours.body(words, headers={"content-encoding": "gzip"}))
    looks = 0

    async def pace() -> None:
        nonlocal looks
        looks += 1

    async with client.exchange(endpoint, REQUEST, pace=pace) as exchange:
        assert "".join([delta.text async for delta in exchange]) == "a" * 100
    assert looks <= 3

"""Timers count data events, not bytes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from conversations.upstream.endpoint import Timers
from conversations.upstream.errors import ErrorKind
from tests.fakes import behaviours
from tests.fakes.upstream import FakeUpstream
from tests.upstream.conftest import Asked

Ask = Callable[..., Awaitable[Asked]]


@pytest.mark.parametrize(
    "behaviour", [behaviours.hang, behaviours.comments(), behaviours.comments(every=0)]
)
async def test_the_first_timer_ends_an_answer_that_does_not_begin(
    ask: Ask, fake_upstream: FakeUpstream, behaviour: Any
) -> None:
    fake_upstream.script(behaviour)
    asked = await ask(timers=Timers(first=0.3))
    assert asked.failure.kind is ErrorKind.TIMED_OUT
    assert len(fake_upstream.requests) == 1
    assert fake_upstream.requests[0].wait_closed()


async def test_the_timer_between_events_ends_an_answer_that_stalls(
    ask: Ask, fake_upstream: FakeUpstream
) -> None:
    async def behave(reply: Any) -> None:
        await reply.start()
        for _ in range(4):
            await reply.delta(content="a")
            await asyncio.sleep(0.3)
        while True:
            await reply.send(b": keep-alive\n\n")
            await asyncio.sleep(0.02)

    fake_upstream.script(behave)
    asked = await ask(timers=Timers(first=10, between=1))
    assert asked.text == "aaaa"
    assert asked.failure.kind is ErrorKind.STALLED
    assert fake_upstream.requests[0].wait_closed()


@pytest.mark.parametrize("delay", [0.0, 0.02])
async def test_the_timer_of_the_whole_ends_an_answer_without_end(
    ask: Ask, fake_upstream: FakeUpstream, delay: float
) -> None:
    fake_upstream.script(behaviours.endless("", delay=delay))
    asked = await ask(timers=Timers(whole=0.5))
    assert asked.failure.kind is ErrorKind.TIMED_OUT
    assert fake_upstream.requests[0].wait_closed()


async def test_a_plain_answer_has_a_timer_of_its_own(ask: Ask, fake_upstream: FakeUpstream) -> None:
    fake_upstream.script(behaviours.hang)
    asked = await ask(stream=False, timers=Timers(first=0.1, between=0.1, whole=0.1, plain=0.4))
    assert asked.failure.kind is ErrorKind.TIMED_OUT
    fake_upstream.script(behaviours.say("late", hold=(gate := behaviours.Hold())))
    asyncio.get_running_loop().call_later(0.3, gate.release)
    asked = await ask(stream=False, timers=Timers(first=0.1, between=0.1, whole=0.1, plain=30))
    assert (asked.error, asked.text) == (None, "late")


async def test_an_end_that_was_announced_is_not_waited_for_long(
    ask: Ask, fake_upstream: FakeUpstream
) -> None:
    async def behave(reply: Any) -> None:
        await reply.start()
        await reply.event(reply.chunk({"content": "a"}, "stop"))
        await reply.connection.gone.wait()

    fake_upstream.script(behave)
    asked = await ask(timers=Timers(after_finish=0.2))
    assert (asked.error, asked.text, asked.outcome.is_complete) == (None, "a", True)


async def test_reasoning_counts_as_life(ask: Ask, fake_upstream: FakeUpstream) -> None:
    fake_upstream.say("done", reasoning=["hm"] * 6, delay=0.3)
    asked = await ask(timers=Timers(first=1.5, between=1.5))
    assert (asked.error, asked.text) == (None, "done")

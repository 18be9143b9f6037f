"""The engine's life: started once, with its background work, and stopped with all of it."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterator

import pytest

from conversations.generation import engine, loop, registry
from conversations.generation.live import hub
from conversations.generation.live.hub import LiveAnswer, LiveView
from tests.generation.sockets import FakeSocket

pytestmark = pytest.mark.django_db(transaction=True)


class Background:
    """Endless work that knows whether it was cancelled."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.ended = asyncio.Event()

    def make(self) -> Iterator[object]:
        yield self._work()

    async def _work(self) -> None:
        self.begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.ended.set()


async def test_it_starts_once_and_stops_with_its_background_work() -> None:
    first, second = Background(), Background()
    engine.ensure_started(first.make)  # type: ignore[arg-type]
    engine.ensure_started(second.make)  # type: ignore[arg-type]
    async with asyncio.timeout(30):
        await first.begun.wait()
        assert loop.is_attached()
        assert not registry.is_draining()
        await engine.stop(0)
    assert first.ended.is_set()
    assert not second.begun.is_set()
    assert registry.is_draining()


async def test_a_socket_hears_how_far_the_answers_of_its_conversation_are() -> None:
    watching, idle = FakeSocket(uuid.uuid4()), FakeSocket(uuid.uuid4())
    answer = LiveAnswer(uuid.uuid4(), uuid.uuid4(), uuid.uuid4(), LiveView(7))
    hub.join(watching)
    hub.join(idle)
    hub.watch(watching, answer.conversation)
    hub.open_answer(answer)
    try:
        await engine._beat()
    finally:
        hub.close_answer(answer.generation)
        hub.leave(watching)
        hub.leave(idle)
    assert [frame["live"] for frame in watching.frames] == [{str(answer.generation): 7}]
    assert [frame["live"] for frame in idle.frames] == [{}]

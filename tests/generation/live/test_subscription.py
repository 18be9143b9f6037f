"""A subscription brings a page up to date: snapshots, the shown branch, and ends that it missed."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator

import pytest

from conversations import access
from conversations.generation.live import hub, subscription
from conversations.generation.live.hub import LiveAnswer, LiveView
from conversations.models import Generation, User
from tests.generation.rows import leased_run
from tests.generation.sockets import FakeSocket
from tests.sockets import off_loop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def answer(alice: User) -> AsyncIterator[LiveAnswer]:
    """An answer of Alice's that this process is producing."""

    def make() -> LiveAnswer:
        run = leased_run(alice)
        return LiveAnswer(
            run.pk, run.message_id, run.message.conversation_id, LiveView(7, ("<p>Hi</p>",))
        )

    live = await off_loop(make)
    hub.open_answer(live)
    yield live
    hub.close_answer(live.generation)


async def frames_for(
    user: User, conversation_id: uuid.UUID, seen: dict[uuid.UUID, int]
) -> list[str]:
    """Subscribe and return the types of the frames."""
    socket = FakeSocket(user.pk)
    try:
        socket.sent = await subscription.subscribe(socket, conversation_id, seen)
    finally:
        hub.leave(socket)
    return [frame["t"] for frame in socket.frames]


@pytest.mark.parametrize(("seen", "is_behind"), [(None, True), (-1, True), (6, True), (7, False)])
async def test_a_page_with_another_number_gets_a_snapshot(
    alice: User, answer: LiveAnswer, seen: int | None, *, is_behind: bool
) -> None:
    numbers = {} if seen is None else {answer.generation: seen}
    found = await frames_for(alice, answer.conversation, numbers)
    assert found == [*(["snapshot"] if is_behind else []), "branch"]


async def test_an_end_that_was_missed_is_told(alice: User, answer: LiveAnswer) -> None:
    hub.close_answer(answer.generation)
    seen = {answer.generation: 7}
    assert await frames_for(alice, answer.conversation, seen) == ["branch"]
    await off_loop(lambda: Generation.objects.update(status="completed"))
    assert await frames_for(alice, answer.conversation, seen) == ["branch", "final"]


async def test_runs_of_others_are_not_told(alice: User, bob: User, answer: LiveAnswer) -> None:
    theirs = await off_loop(lambda: leased_run(bob, status="completed"))
    found = await frames_for(alice, answer.conversation, {answer.generation: 7, theirs.pk: 0})
    assert found == ["branch"]


async def test_a_stranger_is_not_registered(bob: User, answer: LiveAnswer) -> None:
    with pytest.raises(access.NotFound):
        await frames_for(bob, answer.conversation, {})
    assert not hub.is_watched(answer.conversation)

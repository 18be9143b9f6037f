"""The hub: which sockets hear of which conversation."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from conversations.generation.live import hub
from conversations.generation.live.hub import LiveAnswer, LiveView
from tests.generation.sockets import FakeSocket

ONE, TWO = uuid.uuid4(), uuid.uuid4()


@pytest.fixture(autouse=True)
def _empty() -> Iterator[None]:
    """Check that a test leaves nothing in the hub."""
    yield
    assert not hub._sockets
    assert not hub._watchers
    assert not hub._live


async def test_a_frame_reaches_all_watchers_of_its_conversation_and_no_others() -> None:
    here, also, there = FakeSocket(ONE), FakeSocket(TWO), FakeSocket(ONE)
    conversation, other = uuid.uuid4(), uuid.uuid4()
    hub.watch(here, conversation)
    hub.watch(also, conversation)
    hub.watch(there, other)
    await hub.publish(conversation, "frame")
    assert (here.sent, also.sent, there.sent) == (["frame"], ["frame"], [])
    assert hub.is_watched(conversation)
    for socket in (here, also, there):
        hub.unwatch(socket)
    assert not hub.is_watched(conversation)


async def test_a_user_is_told_on_every_socket() -> None:
    sockets = [FakeSocket(ONE), FakeSocket(ONE), FakeSocket(TWO)]
    for socket in sockets:
        hub.join(socket)
    assert hub.count_sockets(ONE) == 2
    await hub.tell(ONE, "frame")
    assert [socket.sent for socket in sockets] == [["frame"], ["frame"], []]
    for socket in sockets:
        hub.leave(socket)
    assert hub.sockets() == []


async def test_a_socket_that_fails_takes_no_frame_from_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken, whole = FakeSocket(ONE, fails=True), FakeSocket(TWO)
    await hub.deliver([broken, whole], "frame")
    assert whole.sent == ["frame"]
    assert "A socket could not be written to" in caplog.text


def test_an_answer_is_seen_from_its_start_to_its_end() -> None:
    socket, conversation = FakeSocket(ONE), uuid.uuid4()
    answer = LiveAnswer(uuid.uuid4(), uuid.uuid4(), conversation)
    hub.open_answer(answer)
    assert hub.watch(socket, conversation) == [answer]
    answer.view = LiveView(3, ("<p>Hi</p>",))
    assert hub.view(answer.generation) == answer.view
    hub.close_answer(answer.generation)
    assert hub.live_in(conversation) == []
    assert hub.view(answer.generation) is None
    hub.leave(socket)


def test_leaving_ends_the_subscription_too() -> None:
    socket, conversation = FakeSocket(ONE), uuid.uuid4()
    hub.join(socket)
    hub.watch(socket, conversation)
    hub.leave(socket)
    hub.leave(socket)
    assert not hub.is_watched(conversation)

"""The hub: which sockets hear of which conversation."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from conversations.generation.live import hub
from conversations.generation.live.hub import LiveAnswer, LiveView

ONE, TWO = uuid.uuid4(), uuid.uuid4()


class Socket:
    """A watcher that remembers its frames, or fails."""

    def __init__(self, user_id: uuid.UUID, *, fails: bool = False) -> None:
        self.user_id = user_id
        self.session_key = "session"
        self.conversation_id: uuid.UUID | None = None
        self.frames: list[str] = []
        self._fails = fails

    async def deliver(self, frame: str) -> None:
        if self._fails:
            raise ConnectionError
        self.frames.append(frame)

    async def dismiss(self, code: int) -> None:
        raise NotImplementedError


@pytest.fixture(autouse=True)
def _empty() -> Iterator[None]:
    """Check that a test leaves nothing in the hub."""
    yield
    assert not hub._sockets
    assert not hub._watchers
    assert not hub._live


async def test_a_frame_reaches_all_watchers_of_its_conversation_and_no_others() -> None:
    here, also, there = Socket(ONE), Socket(TWO), Socket(ONE)
    conversation, other = uuid.uuid4(), uuid.uuid4()
    hub.watch(here, conversation)
    hub.watch(also, conversation)
    hub.watch(there, other)
    await hub.publish(conversation, "frame")
    assert (here.frames, also.frames, there.frames) == (["frame"], ["frame"], [])
    assert hub.is_watched(conversation)
    for socket in (here, also, there):
        hub.unwatch(socket)
    assert not hub.is_watched(conversation)


async def test_a_user_is_told_on_every_socket() -> None:
    sockets = [Socket(ONE), Socket(ONE), Socket(TWO)]
    for socket in sockets:
        hub.join(socket)
    assert hub.count_sockets(ONE) == 2
    await hub.tell(ONE, "frame")
    assert [socket.frames for socket in sockets] == [["frame"], ["frame"], []]
    for socket in sockets:
        hub.leave(socket)
    assert hub.sockets() == []


async def test_a_socket_that_fails_takes_no_frame_from_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken, whole = Socket(ONE, fails=True), Socket(TWO)
    await hub.deliver([broken, whole], "frame")
    assert whole.frames == ["frame"]
    assert "A socket could not be written to" in caplog.text


def test_an_answer_is_seen_from_its_start_to_its_end() -> None:
    socket, conversation = Socket(ONE), uuid.uuid4()
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
    socket, conversation = Socket(ONE), uuid.uuid4()
    hub.join(socket)
    hub.watch(socket, conversation)
    hub.leave(socket)
    hub.leave(socket)
    assert not hub.is_watched(conversation)

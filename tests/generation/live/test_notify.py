"""The sidebar and the pages are told what the database holds after a commit."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator

import pytest
from django.utils import timezone

from conversations.generation.live import hub, notify
from conversations.models import User
from tests.branches import conversation_of, last_run
from tests.generation.rows import leased_run
from tests.generation.sockets import FakeSocket
from tests.sockets import engine_here, off_loop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def hers(alice: User) -> AsyncIterator[FakeSocket]:
    socket = FakeSocket(alice.pk)
    hub.join(socket)
    yield socket
    hub.leave(socket)


@pytest.mark.parametrize(
    ("status", "answering", "waiting"),
    [("completed", False, False), ("running", True, False), ("awaiting_approval", False, True)],
)
async def test_a_row_says_whether_an_answer_is_produced_or_waits(
    alice: User, hers: FakeSocket, status: str, answering: object, waiting: object
) -> None:
    run = await off_loop(lambda: leased_run(alice, status=status))
    await notify._tell_conversation(run.message.conversation_id)
    [frame] = hers.frames
    assert (frame["t"], frame["title"]) == ("conversation", "A talk")
    assert (frame["answering"], frame["waiting"]) == (answering, waiting)


async def test_only_the_owner_is_told_and_of_a_temporary_chat_nobody(
    bob: User, alice: User, hers: FakeSocket
) -> None:
    theirs = await off_loop(lambda: conversation_of(bob))
    temporary = await off_loop(lambda: conversation_of(alice, is_temporary=True))
    for conversation in (theirs, temporary):
        await notify._tell_conversation(conversation.pk)
    await notify._tell_conversation(uuid.uuid4())
    assert hers.sent == []


async def test_a_deleted_conversation_leaves_the_list(alice: User, hers: FakeSocket) -> None:
    row = await off_loop(lambda: conversation_of(alice, deleted_at=timezone.now()))
    await notify._tell_conversation(row.pk)
    assert [frame["deleted"] for frame in hers.frames] == [True]


async def test_a_run_without_a_task_has_an_end_that_is_told(alice: User, hers: FakeSocket) -> None:
    run = await off_loop(lambda: last_run(conversation_of(alice)))
    async with engine_here():
        hub.watch(hers, run.message.conversation_id)
        await off_loop(lambda: notify.stopped(run))
    final = [frame for frame in hers.frames if frame["t"] == "final"]
    assert [(frame["g"], frame["status"]) for frame in final] == [(str(run.pk), "stopped")]

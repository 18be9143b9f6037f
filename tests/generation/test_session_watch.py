"""Sessions that are over lose their sockets and runs, and others lose nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from django.contrib.sessions.models import Session

from conversations import access
from conversations.generation import registry, session_watch
from conversations.generation.live import hub
from conversations.generation.run import Run
from conversations.models import User
from tests.generation.rows import leased_run
from tests.generation.sockets import FakeSocket
from tests.sockets import off_loop, session_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def sockets(alice: User, bob: User) -> AsyncIterator[list[FakeSocket]]:
    """A socket of Alice, then one of Bob."""
    hers, his = await off_loop(lambda: (session_of(alice), session_of(bob)))
    made = [FakeSocket(alice.pk, session_key=hers), FakeSocket(bob.pk, session_key=his)]
    for socket in made:
        hub.join(socket)
    yield made
    for socket in made:
        hub.leave(socket)


async def test_who_signed_out_loses_sockets_and_runs(
    alice: User, bob: User, sockets: list[FakeSocket], monkeypatch: pytest.MonkeyPatch
) -> None:
    hers, his = sockets
    runs = [
        await off_loop(lambda: Run(leased_run(alice), session_key=hers.session_key)),
        await off_loop(lambda: Run(leased_run(bob), session_key=his.session_key)),
    ]
    monkeypatch.setattr(registry, "_runs", {run.id: run for run in runs})
    await session_watch.check()
    assert [run.stopped_as for run in runs] == ["", ""]
    await off_loop(Session.objects.filter(session_key=hers.session_key).delete)
    await session_watch.check()
    assert (hers.closed_with, his.closed_with) == (session_watch.SIGNED_OUT, None)
    assert [run.stopped_as for run in runs] == ["stopped", ""]


async def test_who_is_disabled_loses_sockets(alice: User, sockets: list[FakeSocket]) -> None:
    await off_loop(lambda: User.objects.filter(pk=alice.pk).update(is_active=False))
    await session_watch.check()
    assert [socket.closed_with for socket in sockets] == [session_watch.SIGNED_OUT, None]


async def test_where_nobody_is_there_the_database_is_not_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(access, "valid_sessions")
    await session_watch.check()


def test_sessions_are_checked_often_enough_for_the_promise() -> None:
    """docs/protocol.md promises that sockets and runs are lost within 5 s."""
    assert session_watch.INTERVAL < 4

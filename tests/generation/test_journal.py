"""The journal: what arrived of every answer is stored, with the lease that says it is ours."""

from __future__ import annotations

import pytest
from django.db import OperationalError

from conversations.generation import journal, registry
from conversations.generation.live import hub
from conversations.generation.records import leases
from conversations.models import Connection, Generation, Message, User
from conversations.models.identifiers import new_id
from tests.conftest import EngineThread, wait_for
from tests.fakes.upstream import FakeUpstream
from tests.generation.helpers import ended, send

pytestmark = pytest.mark.usefixtures("running_engine", "upstream_connection")


def test_the_text_is_checkpointed_while_it_runs(alice: User, fake_upstream: FakeUpstream) -> None:
    gate = fake_upstream.hold("Saved already")
    sent = send(alice)
    assert gate.wait_reached()
    wait_for(lambda: Message.objects.get(pk=sent.answer.pk).text == "Saved already")
    assert Generation.objects.get(pk=sent.generation.pk).status == "running"
    gate.release()
    assert ended(sent.generation).status == "completed"


def test_a_lost_lease_writes_nothing(alice: User, fake_upstream: FakeUpstream) -> None:
    gate = fake_upstream.hold("Mine")
    sent = send(alice)
    assert gate.wait_reached()
    wait_for(lambda: Message.objects.get(pk=sent.answer.pk).text == "Mine")
    Generation.objects.filter(pk=sent.generation.pk).update(lease_owner=new_id())
    wait_for(lambda: hub.view(sent.generation.pk) is None)
    assert Generation.objects.get(pk=sent.generation.pk).status == "running"
    wait_for(lambda: fake_upstream.open_connections == 0)


def test_a_stop_in_the_row_is_found_without_the_registry(
    alice: User, fake_upstream: FakeUpstream
) -> None:
    gate = fake_upstream.hold("So far")
    sent = send(alice)
    assert gate.wait_reached()
    Generation.objects.filter(pk=sent.generation.pk).update(
        stop_requested_at=sent.generation.created
    )
    assert ended(sent.generation).status == "stopped"


def test_a_checkpoint_that_fails_is_made_again(
    alice: User,
    fake_upstream: FakeUpstream,
    running_engine: EngineThread,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    beat, failures = leases.beat, iter([True, True])

    def failing(*arguments: object) -> leases.Pulse:
        if next(failures, False):
            raise OperationalError("disk full")
        return beat(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(leases, "beat", failing)
    gate = fake_upstream.hold("Safe in memory")
    sent = send(alice)
    assert gate.wait_reached()
    wait_for(lambda: Message.objects.get(pk=sent.answer.pk).text == "Safe in memory")
    assert "could not be checkpointed" in caplog.text
    gate.release()
    assert ended(sent.generation).status == "completed"


async def test_without_runs_the_database_is_not_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "runs", list)
    monkeypatch.delattr(leases, "beat")
    await journal.tick()


def test_an_end_that_waits_for_the_database_is_not_taken_for_a_lost_lease(
    alice: User, upstream_connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    end, failures = leases.end, iter([True])

    def failing(*arguments: object) -> bool:
        if next(failures, False):
            raise OperationalError("disk full")
        return end(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(leases, "end", failing)
    assert ended(send(alice).generation).status == "completed"

"""The runs of a process: each is started once, and all end when the process does."""

from __future__ import annotations

import asyncio
import threading

import pytest

from conversations.actions.limits import reserve_slot
from conversations.generation import loop, registry, run_plan
from conversations.generation.run import Run
from conversations.models import Connection, Generation, Message, User
from tests.conftest import EngineThread, wait_for
from tests.fakes.upstream import FakeUpstream
from tests.generation.helpers import ended, send
from tests.generation.rows import leased_run

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_request_is_built_by_the_thread_that_stored_the_message(
    running_engine: EngineThread,
    alice: User,
    upstream_connection: Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    built_by: list[int] = []
    prepare = run_plan.prepare

    def watched(generation: Generation) -> run_plan.RunPlan | Exception:
        built_by.append(threading.get_ident())
        return prepare(generation)

    monkeypatch.setattr(run_plan, "prepare", watched)
    assert ended(send(alice).generation).status == "completed"
    assert built_by == [threading.get_ident()]


def test_a_run_is_started_once(
    running_engine: EngineThread,
    alice: User,
    upstream_connection: Connection,
    fake_upstream: FakeUpstream,
) -> None:
    gate = fake_upstream.hold("Once")
    sent = send(alice)
    assert gate.wait_reached()
    registry.start(sent.generation, session_key="")
    assert loop.call(_count(), 30) == 1
    gate.release()
    assert ended(sent.generation).status == "completed"
    assert len(fake_upstream.requests) == 1
    wait_for(lambda: loop.call(_count(), 30) == 0)


def test_without_an_engine_nothing_starts(
    alice: User, upstream_connection: Connection, fake_upstream: FakeUpstream
) -> None:
    registry.start(leased_run(alice, connection=upstream_connection), session_key="")
    assert registry.runs() == []
    assert not fake_upstream.requests


def test_draining_refuses_new_runs_and_interrupts_the_others(
    running_engine: EngineThread,
    alice: User,
    upstream_connection: Connection,
    fake_upstream: FakeUpstream,
) -> None:
    gate = fake_upstream.hold("So far")
    sent = send(alice)
    assert gate.wait_reached()
    wait_for(lambda: Message.objects.get(pk=sent.answer.pk).text == "So far")
    running_engine.call(lambda: registry.drain(0), timeout=60)
    sent.generation.refresh_from_db()
    assert sent.generation.status == "interrupted"
    assert Message.objects.get(pk=sent.answer.pk).text == "So far"
    assert registry.is_draining()
    with pytest.raises(registry.DrainingError):
        reserve_slot(alice)
    registry.accept()
    gate.release()


async def test_a_stop_of_another_process_s_run_does_nothing(alice: User) -> None:
    run = await asyncio.to_thread(lambda: Run(leased_run(alice)))
    registry._stop(run.id)
    assert run.stopped_as == ""


async def _count() -> int:
    return len(registry.runs())

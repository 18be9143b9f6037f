"""Who has started a run lets it go first, and does not wait for it."""

from __future__ import annotations

import threading
import uuid

import pytest

from conversations.generation import registry
from conversations.generation.run import Run
from conversations.models import Generation
from tests.conftest import wait_for


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """One that has just been started and is still loading."""
    run = Run(Generation(id=uuid.uuid4()), uuid.uuid4(), "")
    monkeypatch.setitem(registry._starting, run.generation_id, run)
    return run


def test_until_it_knows_what_to_ask(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "LONGEST_COURTESY", 600)
    let_go = threading.Event()

    def wait() -> None:
        registry.let_ask(run.generation_id)
        let_go.set()

    waiting = threading.Thread(target=wait)
    waiting.start()
    wait_for(lambda: run.is_ready._cond._waiters)  # type: ignore[attr-defined]
    assert not let_go.is_set()
    run.is_ready.set()
    assert let_go.wait(30)
    waiting.join()


def test_but_not_for_long(run: Run) -> None:
    registry.let_ask(run.generation_id)
    assert not run.is_ready.is_set()


def test_and_not_for_what_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "LONGEST_COURTESY", 600)
    registry.let_ask(uuid.uuid4())

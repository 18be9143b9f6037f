"""Who has started a run lets it go first, and does not wait for it."""

from __future__ import annotations

import threading
import time
import uuid

import pytest

from conversations.generation import registry
from conversations.generation.run import Run
from conversations.models import Generation


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """One that has just been started and is still loading."""
    run = Run(Generation(id=uuid.uuid4()), uuid.uuid4(), "")
    monkeypatch.setitem(registry._starting, run.generation_id, run)
    return run


def waited(generation_id: uuid.UUID) -> float:
    began = time.monotonic()
    registry.let_ask(generation_id)
    return time.monotonic() - began


def test_until_it_knows_what_to_ask(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "LONGEST_COURTESY", 60)
    timer = threading.Timer(0.2, run.is_ready.set)
    timer.start()
    assert 0.1 < waited(run.generation_id) < 30
    timer.join()


def test_but_not_for_long(run: Run) -> None:
    assert waited(run.generation_id) >= registry.LONGEST_COURTESY / 2
    assert not run.is_ready.is_set()


def test_and_not_for_what_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "LONGEST_COURTESY", 60)
    assert waited(uuid.uuid4()) < 30

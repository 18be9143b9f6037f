"""Write transactions: their order on SQLite, and the moment the next writer is let in."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from django.db import IntegrityError, OperationalError, connections, transaction

from conversations.database import transactions
from conversations.models import Snippet, User

on_sqlite = pytest.mark.only_on("sqlite")
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let a test that would wait for ever fail instead."""
    monkeypatch.setattr(transactions, "LOCK_TIMEOUT", 5)
    yield
    assert transactions._lock._owner is None


def write_elsewhere(user: User, name: str) -> None:
    """Write in another thread and wait for it."""

    def write() -> None:
        with transactions.write():
            Snippet.objects.create(owner=user, name=name, text="x")
        connections.close_all()

    thread = threading.Thread(target=write)
    thread.start()
    thread.join()


def test_the_next_writer_is_let_in_before_the_callbacks(alice: User) -> None:
    with transactions.write():
        transaction.on_commit(lambda: write_elsewhere(alice, "after"))
        Snippet.objects.create(owner=alice, name="before", text="x")
    assert {row.name for row in Snippet.objects.all()} == {"before", "after"}


@on_sqlite
def test_an_inner_transaction_lets_nobody_in(alice: User) -> None:
    found: list[bool] = []

    def look() -> None:
        found.append(transactions._lock.acquire(0))

    with transactions.write():
        with transactions.write():
            Snippet.objects.create(owner=alice, name="inner", text="x")
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    assert found == [False]


def test_a_transaction_that_fails_lets_the_next_one_in(alice: User) -> None:
    with pytest.raises(IntegrityError), transactions.write():
        Snippet.objects.bulk_create([Snippet(owner=alice, name="twice", text="x")] * 2)
    write_elsewhere(alice, "stored")
    assert [row.name for row in Snippet.objects.all()] == ["stored"]


def test_an_outage_is_told_from_a_fault_of_ours() -> None:
    assert transactions.is_outage(OperationalError("disk full"))
    assert not transactions.is_outage(ValueError())

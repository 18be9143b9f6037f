"""The settings of the database, read from a live connection."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction

from conversations.database import threads, transactions
from conversations.models import User
from tests.conftest import wait_for

on_sqlite = pytest.mark.only_on("sqlite")
on_postgresql = pytest.mark.only_on("postgresql")
pytestmark = pytest.mark.django_db(transaction=True)


def ask(statement: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def test_no_transaction_lasts_a_request_and_no_connection_a_thread() -> None:
    assert connection.settings_dict["ATOMIC_REQUESTS"] is False
    assert connection.settings_dict["CONN_MAX_AGE"] == 0


@on_sqlite
@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),  # FULL, because an acknowledged message must survive a power cut
        ("busy_timeout", 10_000),
        ("foreign_keys", 1),
        ("mmap_size", 134_217_728),
        ("journal_size_limit", 27_103_364),
        ("cache_size", -20_000),
        ("temp_store", 2),
    ],
)
def test_sqlite_is_set(pragma: str, value: object) -> None:
    assert ask(f"PRAGMA {pragma}") == value


@on_sqlite
def test_a_transaction_takes_the_write_lock_as_it_begins() -> None:
    other = sqlite3.connect(connection.settings_dict["NAME"], timeout=0, isolation_level=None)
    with transaction.atomic():
        User.objects.exists()
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.close()


@on_sqlite
def test_a_writer_does_not_wait_for_ever_for_the_one_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(transactions, "LOCK_TIMEOUT", 0.1)
    is_writing, may_end = threading.Event(), threading.Event()

    def write() -> None:
        with transactions.write():
            is_writing.set()
            may_end.wait(30)
        connections.close_all()

    before = threading.Thread(target=write)
    before.start()
    assert is_writing.wait(30)
    with pytest.raises(OperationalError) as refused, transactions.write():
        pass
    assert transactions.is_outage(refused.value)
    may_end.set()
    before.join()
    with transactions.write():
        assert connection.in_atomic_block


@on_postgresql
def test_postgresql_connections_are_pooled() -> None:
    pool = connection.pool  # type: ignore[attr-defined]
    assert (pool.min_size, pool.max_size, pool.timeout) == (2, 8, 10)
    assert pool.reconnect_timeout == 1
    assert ask("SHOW transaction_isolation") == "read committed"


@on_postgresql
def test_answers_are_compressed_fast() -> None:
    """Check docs/decisions/0002-journal-on-postgresql.md; without lz4 the default stays."""
    has_lz4 = ask(
        "SELECT 'lz4' = ANY(enumvals) FROM pg_settings WHERE name = 'default_toast_compression'"
    )
    compression = ask(
        "SELECT attcompression FROM pg_attribute WHERE attname = 'parts' "
        "AND attrelid = 'conversations_message'::regclass"
    )
    assert compression == ("l" if has_lz4 else "")


@on_postgresql
async def test_the_engine_gives_its_connections_back() -> None:
    async def read() -> bool:
        return await threads.run_read(User.objects.exists)

    async def write() -> bool:
        return await threads.run_write(User.objects.exists)

    await asyncio.gather(*[read() for _ in range(40)], *[write() for _ in range(40)])
    await threads.run_read(lambda: None)
    stats = connection.pool.get_stats()  # type: ignore[attr-defined]
    # One may be missing, because the test's own thread holds a connection.
    assert stats["pool_available"] >= stats["pool_size"] - 1
    assert not stats.get("requests_waiting")


@on_postgresql
def test_a_connection_that_died_is_not_lent() -> None:
    ask("SELECT 1")
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert cursor.fetchall()
    connection.close()
    assert [wait_for(ask_in_time) for _ in range(3)] == [1, 1, 1]


def ask_in_time() -> Any:
    """Return None if a busy machine makes no connection in time; raise if a dead one is lent."""
    try:
        return ask("SELECT 1")
    except OperationalError as error:
        if "couldn't get a connection" not in str(error):
            raise
        return None

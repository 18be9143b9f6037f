"""The pool of connections to SQLite, which reuses them only while the file is the same."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatsite.sqlite import pool as pools
from chatsite.sqlite.pool import MAX_IDLE, Pool, PooledConnection, state_of


class Lender:
    """A pool of connections to one file, used as the backend uses it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.pool = Pool()

    def take(self) -> PooledConnection:
        state = state_of(str(self.path))
        if idle := self.pool.take(state):
            return idle
        connection = sqlite3.connect(
            self.path, isolation_level=None, check_same_thread=False, factory=PooledConnection
        )
        connection.state = state
        return connection

    def give(self, connection: PooledConnection) -> None:
        self.pool.give(connection)


@pytest.fixture
def lender(tmp_path: Path) -> Iterator[Lender]:
    path = tmp_path / "db.sqlite3"
    fill(path, "old")
    lender = Lender(path)
    yield lender
    lender.pool.close()


def fill(path: Path, word: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE word (word TEXT)")
        connection.executemany("INSERT INTO word VALUES (?)", [(word,)] * 300)
    connection.close()


def words(connection: sqlite3.Connection) -> set[str]:
    return {word for (word,) in connection.execute("SELECT word FROM word")}


def is_open(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("SELECT 1")
    except sqlite3.ProgrammingError:
        return False
    return True


def test_a_connection_is_reused(lender: Lender) -> None:
    first = lender.take()
    lender.give(first)
    assert lender.take() is first
    assert lender.take() is not first


def test_a_connection_is_not_reused_after_the_file_became_read_only(lender: Lender) -> None:
    idle, used = lender.take(), lender.take()
    lender.give(idle)
    lender.path.chmod(0o400)
    assert lender.take() is not idle
    assert not is_open(idle)
    lender.give(used)
    assert not is_open(used)


def test_a_connection_is_not_reused_after_the_file_was_replaced(
    lender: Lender, tmp_path: Path
) -> None:
    connection = lender.take()
    assert words(connection) == {"old"}
    lender.give(connection)
    lender.pool.close()
    restored = tmp_path / "restored.sqlite3"
    fill(restored, "new")
    connection = lender.take()
    lender.give(connection)
    restored.replace(lender.path)
    assert words(lender.take()) == {"new"}


def test_rows_that_nobody_read_keep_no_old_snapshot(lender: Lender) -> None:
    reader, writer = lender.take(), lender.take()
    half_read = reader.cursor()
    half_read.execute("SELECT word FROM word")
    half_read.fetchone()
    writer.execute("UPDATE word SET word = 'new'")
    lender.give(reader)
    assert words(lender.take()) == {"new"}
    with pytest.raises(sqlite3.ProgrammingError):
        half_read.fetchone()


def test_uncommitted_changes_are_rolled_back(lender: Lender) -> None:
    connection = lender.take()
    connection.execute("BEGIN")
    connection.execute("UPDATE word SET word = 'new'")
    lender.give(connection)
    again = lender.take()
    assert again is connection
    assert words(again) == {"old"}


def test_the_pool_keeps_a_limited_number(lender: Lender) -> None:
    used = [lender.take() for _ in range(MAX_IDLE + 2)]
    for connection in used:
        lender.give(connection)
    assert sum(map(is_open, used)) == MAX_IDLE


def test_the_last_to_be_closed_puts_the_log_into_the_database(lender: Lender) -> None:
    connection = lender.take()
    connection.execute("UPDATE word SET word = 'new'")
    lender.give(connection)
    log = Path(f"{lender.path}-wal")
    assert log.exists()
    lender.pool.close()
    assert not log.exists()


def test_a_database_in_memory_has_no_state() -> None:
    assert state_of("file:memory?mode=memory") is None
    connection = PooledConnection(":memory:")
    pools.Pool().give(connection)
    assert not is_open(connection)

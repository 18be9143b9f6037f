"""Open connections to SQLite's file between their uses.

Opening one takes longer than most of what is asked of it: Django gives it sixty functions, and
SQLite reads the whole schema. Django's own pool is for PostgreSQL only.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import weakref
from pathlib import Path
from typing import Any, NamedTuple

# Each holds up to 2 MB of pages. More are in use only while more threads read at once.
MAX_IDLE = 8


class FileState(NamedTuple):
    """The identity of a database file, and whether it is writable."""

    device: int
    inode: int
    mode: int
    is_writable: bool


def state_of(database: str) -> FileState | None:
    """Return the state of the file; None where there is none, as with a database in memory."""
    try:
        file = Path(database).stat()
    except OSError:
        return None
    return FileState(file.st_dev, file.st_ino, file.st_mode, os.access(database, os.W_OK))


class PooledConnection(sqlite3.Connection):
    """A connection that knows the file as it was opened, and the cursors that read from it."""

    state: FileState | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._cursors: weakref.WeakSet[sqlite3.Cursor] = weakref.WeakSet()

    def cursor(self, *args: Any, **kwargs: Any) -> Any:
        """Open a cursor, remembered until it is gone. Django reads by nothing else."""
        cursor = super().cursor(*args, **kwargs)
        self._cursors.add(cursor)
        return cursor

    def rest(self) -> None:
        """End whatever its user left unfinished: half-read rows would keep an old snapshot."""
        for cursor in list(self._cursors):
            cursor.close()
        if self.in_transaction:
            self.rollback()


class Pool:
    """Idle connections. One goes on being used only while its file stands as when it was opened.

    Otherwise it would go on writing into a file that has become read-only or was replaced, and
    SQLite would lend its descriptor to connections that are opened later.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._state: FileState | None = None
        self._idle: list[PooledConnection] = []

    def take(self, state: FileState | None) -> PooledConnection | None:
        """An idle connection to the file, which is in this state; those to another are closed."""
        with self._guard:
            if state == self._state:
                return self._idle.pop() if self._idle else None
            outdated, self._idle, self._state = self._idle, [], state
        _close(outdated)
        return None

    def give(self, connection: PooledConnection) -> None:
        """Keep a connection for the next user, or close it."""
        connection.rest()
        with self._guard:
            is_kept = connection.state is not None and connection.state == self._state
            if is_kept and len(self._idle) < MAX_IDLE:
                self._idle.append(connection)
                return
        connection.close()

    def close(self) -> None:
        """Close what is idle: the last one to be closed puts the -wal file into the database."""
        with self._guard:
            idle, self._idle = self._idle, []
        _close(idle)


def _close(connections: list[PooledConnection]) -> None:
    for connection in connections:
        connection.close()

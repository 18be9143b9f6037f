"""The database backend: ENGINE names the folder, Django looks for this module in it."""

from __future__ import annotations

import atexit
import contextlib
import os
import sqlite3
import stat
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base

from chatsite.sqlite.pool import Pool, PooledConnection, state_of

pool = Pool()
atexit.register(pool.close)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to a file whose companions follow its permissions, lent by a pool."""

    # Whether a statement has failed for a reason other than its own words.
    _is_suspect = False

    def get_new_connection(self, conn_params: dict[str, Any]) -> sqlite3.Connection:
        """Take an idle connection, or open the file, its -wal and -shm writable if it is."""
        database = conn_params["database"]
        self._is_suspect = False
        state = state_of(database)
        if idle := pool.take(state):
            return idle
        _mend(database)
        connection: PooledConnection = super().get_new_connection(
            {**conn_params, "factory": PooledConnection}
        )
        connection.state = state
        return connection

    def close_if_unusable_or_obsolete(self) -> None:
        """Close as the parent does, but remember that there were errors."""
        self._is_suspect |= self.errors_occurred
        super().close_if_unusable_or_obsolete()

    def _close(self) -> None:
        """Give the connection back; one that met an error of the file's is not used again."""
        connection = self.connection
        if connection is None:
            return
        is_fit = not (self._is_suspect or self.errors_occurred or self.in_atomic_block)
        with self.wrap_database_errors:
            if isinstance(connection, PooledConnection) and is_fit:
                pool.give(connection)
            else:
                connection.close()


def _mend(database: str) -> None:
    """Give -wal and -shm the permissions of their database again.

    SQLite makes them with its permissions of that moment: made while it was read-only, they stay
    so when it is not any more, and every write is refused, also after a restart.
    """
    if not os.access(database, os.W_OK):
        return
    for path in (Path(f"{database}-wal"), Path(f"{database}-shm")):
        # Gone with the last connection, or somebody else's: then SQLite says what is wrong.
        with contextlib.suppress(OSError):
            if not os.access(path, os.W_OK):
                path.chmod(stat.S_IMODE(Path(database).stat().st_mode))

"""The database backend: ENGINE names the folder, Django looks for this module in it."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to a file whose companions follow its permissions."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> sqlite3.Connection:
        """Open the file, its -wal and -shm writable if it is."""
        _mend(conn_params["database"])
        connection: sqlite3.Connection = super().get_new_connection(conn_params)
        return connection


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

"""The engine's own threads for the database, and the one lock around every write.

By default asgiref runs all sync code of a process that is not in a request in one thread, shared
with each Channels dispatch: one stall there stops all sockets and all runs (architecture § 4.15).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from django.db import (
    DatabaseError,
    DataError,
    Error,
    IntegrityError,
    InterfaceError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
    close_old_connections,
    connection,
    transaction,
)

from conversations.database.fair_lock import TurnLock

P = ParamSpec("P")
R = TypeVar("R")

logger = logging.getLogger(__name__)

# How long a writer waits for its turn, in seconds: as long as SQLite waits for other processes.
TURN_TIMEOUT = 10.0
# How long until a database that is full, locked or away is asked again, in seconds.
OUTAGE_RETRY = 1.0
_turns = TurnLock()
_writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="engine-write")
# The journal's: it does not wait behind the ends of fifty runs.
_journal = ThreadPoolExecutor(max_workers=1, thread_name_prefix="engine-journal")
_readers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="engine-read")


@contextmanager
def write(*, first: bool = False) -> Iterator[None]:
    """A transaction that waits its turn; ``first``: before all others that wait.

    SQLite has one writer: writers that queue here get the database in order, instead of polling
    its lock (p95 of 50 sends at once: 80-110 ms instead of 190, architecture § 4.4).
    """
    if connection.vendor != "sqlite":
        with transaction.atomic():
            yield
        return
    if not _turns.acquire(TURN_TIMEOUT, first=first):
        raise OperationalError("The writers before this one wait for the database.")
    try:
        with transaction.atomic():
            yield
    finally:
        _turns.release()


def is_outage(error: BaseException) -> bool:
    """Whether the database cannot serve (full, locked, read-only, away); else the fault is ours."""
    ours = (DataError, IntegrityError, NotSupportedError, ProgrammingError)
    return isinstance(error, (DatabaseError, InterfaceError)) and not isinstance(error, ours)


async def insist(call: Callable[[], Awaitable[R]]) -> R:
    """What ``call`` returns once the database serves again, however long that takes."""
    while True:
        try:
            return await call()
        except Error as error:
            if not is_outage(error):
                raise
            logger.warning("The database does not serve; an answer waits for it: %s", error)
        await asyncio.sleep(OUTAGE_RETRY)


async def run_write(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """``function`` in the writing thread, inside ``write()``; calls run in the order they came."""

    def call() -> R:
        with write():
            return function(*args, **kwargs)

    return await _run(_writer, call)


async def run_journal(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """As ``run_write``, before all who wait.

    In a thread of its own on SQLite, whose lock keeps the writers apart. PostgreSQL locks rows, in
    the order in which they are written: there the journal and the end of a run must take turns.
    """

    def call() -> R:
        with write(first=True):
            return function(*args, **kwargs)

    return await _run(_journal if connection.vendor == "sqlite" else _writer, call)


async def run_read(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """``function`` in one of the reading threads, outside any transaction."""
    return await _run(_readers, lambda: function(*args, **kwargs))


async def _run(executor: ThreadPoolExecutor, function: Callable[[], R]) -> R:
    return await asyncio.get_running_loop().run_in_executor(executor, _closing, function)


def _closing(function: Callable[[], R]) -> R:
    """A connection that outlived its database server is dropped before and after, not reused.

    On SQLite it goes back to the pool, which lends it while its file stands as it did.
    """
    close_old_connections()
    try:
        return function()
    finally:
        close_old_connections()

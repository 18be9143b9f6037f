"""The engine's own threads for the database.

By default asgiref runs all sync code of a process that is not in a request in one thread, which
each Channels dispatch shares: one stall there would stop all sockets and all runs.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import Error, close_old_connections, connection

from conversations.database.transactions import is_outage, write

P = ParamSpec("P")
R = TypeVar("R")

logger = logging.getLogger(__name__)

# Seconds until a database that is full, locked or away is tried again.
OUTAGE_RETRY = 1.0
_writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="engine-write")
# The journal has its own thread, because it must not wait behind the ends of fifty runs.
_journal = ThreadPoolExecutor(max_workers=1, thread_name_prefix="engine-journal")
_readers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="engine-read")


async def insist(call: Callable[[], Awaitable[R]]) -> R:
    """Retry ``call`` for as long as the database is out; return its result."""
    while True:
        try:
            return await call()
        except Error as error:
            if not is_outage(error):
                raise
            logger.warning("The database does not serve; an answer waits for it: %s", error)
        await asyncio.sleep(OUTAGE_RETRY)


async def run_write(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run ``function`` in the writing thread, inside ``write()``; calls keep their order."""

    def call() -> R:
        with write():
            return function(*args, **kwargs)

    return await _run(_writer, call)


async def run_journal(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run ``function`` like ``run_write``, ahead of all other writers that wait.

    SQLite's lock keeps the writers apart, so there the journal has a thread of its own.
    PostgreSQL locks rows in the order in which they are written, so there the journal and the end
    of a run must share one thread, or they could wait for each other.
    """

    def call() -> R:
        with write(first=True):
            return function(*args, **kwargs)

    return await _run(_journal if connection.vendor == "sqlite" else _writer, call)


async def run_read(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run ``function`` in one of the reading threads, outside any transaction."""
    return await _run(_readers, lambda: function(*args, **kwargs))


async def _run(executor: ThreadPoolExecutor, function: Callable[[], R]) -> R:
    return await asyncio.get_running_loop().run_in_executor(executor, _closing, function)


def _closing(function: Callable[[], R]) -> R:
    """Drop a connection that outlived its database server before and after, instead of reuse."""
    close_old_connections()
    try:
        return function()
    finally:
        close_old_connections()

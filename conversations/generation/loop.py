"""The event loop of this process, for code that runs in other threads."""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

R = TypeVar("R")

logger = logging.getLogger(__name__)

_loop: asyncio.AbstractEventLoop | None = None
# The loop itself keeps only weak references to tasks.
_tasks: set[asyncio.Task[Any]] = set()


def attach(loop: asyncio.AbstractEventLoop) -> None:
    """Make ``loop`` the one that runs answers and sockets."""
    global _loop  # noqa: PLW0603 (a process has one such loop)
    _loop = loop


def is_attached() -> bool:
    """Whether there is a loop that runs answers. For any thread."""
    return _loop is not None and not _loop.is_closed()


def spawn(coroutine: Coroutine[Any, Any, object]) -> None:
    """Run ``coroutine`` as a task of the process's loop, from any thread.

    In a context of its own: an inherited one carries the request's connection and costs a thread
    for each run, and a task made inside ``async_to_sync`` dies with it (architecture § 4.16).
    Without a loop (a management command) nothing runs: nobody watches there.
    """
    if _loop is None or _loop.is_closed():
        coroutine.close()
        return
    _loop.call_soon_threadsafe(start, coroutine)


def start(coroutine: Coroutine[Any, Any, object]) -> asyncio.Task[Any]:
    """Run ``coroutine`` as a task of the running loop, kept and its failure logged."""
    task = begin(coroutine)
    task.add_done_callback(_log_failure)
    return task


def begin(coroutine: Coroutine[Any, Any, R]) -> asyncio.Task[R]:
    """Run ``coroutine`` as a task, kept; its failure is for whoever awaits it."""
    task = asyncio.get_running_loop().create_task(coroutine, context=contextvars.Context())
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)
    return task


async def every(seconds: float, work: Callable[[], Awaitable[None]], *, failure: str) -> None:
    """Run ``work`` now and then every so many seconds, until cancelled.

    An exception is logged under ``failure`` and the next round comes all the same: nobody else
    would do this work.
    """
    while True:
        try:
            await work()
        except Exception:
            logger.exception(failure)
        await asyncio.sleep(seconds)


async def settle(seconds: float) -> None:
    """Wait until the tasks that others started have ended, ``seconds`` at most."""
    waiting = _tasks - {asyncio.current_task()}
    if waiting:
        await asyncio.wait(waiting, timeout=seconds)


def _log_failure(task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        logger.error("A task of the engine failed", exc_info=error)

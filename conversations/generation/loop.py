"""The event loop of this process, for code that runs in other threads."""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

logger = logging.getLogger(__name__)

_loop: asyncio.AbstractEventLoop | None = None
# The loop itself has only weak references to its tasks.
_tasks: set[asyncio.Task[Any]] = set()


def attach(loop: asyncio.AbstractEventLoop) -> None:
    """Make ``loop`` the one that runs answers and sockets."""
    global _loop  # noqa: PLW0603 (a process has one such loop)
    _loop = loop


def is_attached() -> bool:
    """Whether there is a loop that runs answers. From any thread."""
    return _loop is not None and _loop.is_running()


def post(function: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
    """Call ``function`` in the loop's thread, from any thread, without waiting for it.

    Without a loop (in a management command) nothing is called, because nobody watches there.
    """
    if _loop is not None and is_attached():
        _loop.call_soon_threadsafe(lambda: function(*args, **kwargs), context=_own_context())


def spawn(coroutine: Coroutine[Any, Any, object]) -> None:
    """``start`` a coroutine from any thread. Without a loop it is closed."""
    if is_attached():
        post(start, coroutine)
    else:
        coroutine.close()


def start(coroutine: Coroutine[Any, Any, R]) -> asyncio.Task[R]:
    """Run ``coroutine`` as a task. In the loop's thread. A failure is logged."""
    task = asyncio.get_running_loop().create_task(coroutine, context=_own_context())
    _tasks.add(task)
    task.add_done_callback(_finish)
    return task


def call(coroutine: Coroutine[Any, Any, R], timeout: float) -> R:
    """Run ``coroutine`` to its end and return its result, from a thread that may wait.

    Without a loop it gets one of its own. Raises TimeoutError after ``timeout`` seconds, and what
    the coroutine raises.
    """
    limited = asyncio.wait_for(coroutine, timeout)
    if _loop is None or not is_attached():
        return asyncio.run(limited)
    future = _own_context().run(asyncio.run_coroutine_threadsafe, limited, _loop)
    try:
        # The loop may be ending: then nothing on it would ever reach its time limit.
        return future.result(timeout + 5)
    finally:
        future.cancel()


async def every(seconds: float, work: Callable[[], Awaitable[None]], *, failure: str) -> None:
    """Run ``work`` again and again, ``seconds`` apart, until cancelled.

    An exception is logged under ``failure`` and the next round comes all the same, because nobody
    else would do this work.
    """
    while True:
        try:
            await work()
        except Exception:
            logger.exception(failure)
        await asyncio.sleep(seconds)


async def settle(seconds: float) -> None:
    """Wait for the tasks that others started, ``seconds`` at most."""
    waiting = _tasks - {asyncio.current_task()}
    if waiting:
        await asyncio.wait(waiting, timeout=seconds)


def _own_context() -> contextvars.Context:
    """Return an empty context: an inherited one would carry the request's thread and connection.

    That costs a thread for each run, and a task that is made inside ``async_to_sync`` dies with it.
    """
    return contextvars.Context()


def _finish(task: asyncio.Task[Any]) -> None:
    _tasks.discard(task)
    if not task.cancelled() and (error := task.exception()) is not None:
        logger.error("A task of the engine failed", exc_info=error)

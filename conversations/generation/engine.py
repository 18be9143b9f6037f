"""The engine of this process: its loop, and the tasks that run as long as it does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from typing import Any

from conversations.generation import journal, loop, registry, session_watch
from conversations.generation.live import frames, hub
from conversations.generation.loop import every

# Makes the endless coroutines that a process runs beside its answers.
Background = Callable[[], Iterable[Coroutine[Any, Any, None]]]

_tasks: list[asyncio.Task[None]] = []


def ensure_started(background: Background = tuple) -> None:
    """Start the engine and ``background`` on the running loop, once.

    Called by the first connection of any ASGI server.
    """
    if _tasks:
        return
    loop.attach(asyncio.get_running_loop())
    registry.accept()
    own = (
        every(journal.INTERVAL, journal.tick, failure="Answers could not be checkpointed"),
        every(session_watch.INTERVAL, session_watch.check, failure="Sessions were not checked"),
        every(frames.HEARTBEAT_INTERVAL, _beat, failure="The heartbeat could not be sent"),
    )
    _tasks.extend(loop.start(coroutine) for coroutine in (*own, *background()))


async def stop(grace: float) -> None:
    """End all runs, interrupted after ``grace`` seconds at most, and then the engine itself."""
    await registry.drain(grace)
    await registry.close()
    for task in _tasks:
        task.cancel()
    await asyncio.gather(*_tasks, return_exceptions=True)
    _tasks.clear()
    # Small reads and frames may still be pending.
    await loop.settle(2)


async def _beat() -> None:
    """Send every socket the last frame's number of its answers, so that it notices a missed one."""
    for watcher in hub.sockets():
        live = hub.live_in(watcher.conversation_id) if watcher.conversation_id else []
        frame = frames.heartbeat({answer.generation: answer.view.sequence for answer in live})
        await hub.deliver([watcher], frame)

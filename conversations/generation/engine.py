"""The engine of this process: its loop, and the tasks that live as long as it does."""

from __future__ import annotations

import asyncio

from conversations.generation import journal, loop, registry, session_watch
from conversations.generation.live import frames, hub
from conversations.generation.records import approvals
from conversations.upkeep import file_sweep, temporary, trash

_keepers: list[asyncio.Task[None]] = []


def ensure_started() -> None:
    """Start the engine on the running loop, once. Any ASGI server's first connection does it."""
    if _keepers:
        return
    loop.attach(asyncio.get_running_loop())
    registry.accept()
    keepers = (
        journal.keep,
        session_watch.keep,
        trash.keep,
        temporary.keep,
        file_sweep.keep,
        approvals.keep,
        _beat,
    )
    _keepers.extend(loop.start(keep()) for keep in keepers)


async def stop(grace: float) -> None:
    """End all runs, after ``grace`` seconds at most interrupted, and then the engine itself."""
    await registry.drain(grace)
    await registry.close()
    for keeper in _keepers:
        keeper.cancel()
    await asyncio.gather(*_keepers, return_exceptions=True)
    _keepers.clear()
    # What is still to be told: small reads and frames.
    await loop.settle(2)


async def _beat() -> None:
    """Tell every watched conversation how far its answers are, so that a deaf page notices."""
    while True:
        await asyncio.sleep(frames.HEARTBEAT_INTERVAL)
        for watcher in hub.sockets():
            live = hub.live_in(watcher.conversation_id) if watcher.conversation_id else []
            frame = frames.heartbeat({answer.generation: answer.view.sequence for answer in live})
            await hub.deliver([watcher], frame)

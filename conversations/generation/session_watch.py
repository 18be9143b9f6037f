"""Ends the sockets and runs of sessions that are over, while they are open."""

from __future__ import annotations

from conversations import access
from conversations.database import threads
from conversations.generation import registry
from conversations.generation.live import hub
from conversations.models import Generation

# Seconds between checks: a revocation must take effect within 5.
INTERVAL = 3.0
# Our close codes begin at 4400; docs/protocol.md lists them.
SIGNED_OUT = 4401


async def check() -> None:
    """Close the sockets and stop the runs of sessions that are over."""
    keys = {watcher.session_key for watcher in hub.sockets()}
    keys |= {run.session_key for run in registry.runs()}
    if not keys:
        return
    ended = keys - await threads.run_read(access.valid_sessions, keys)
    for watcher in hub.sockets():
        if watcher.session_key in ended:
            await watcher.dismiss(SIGNED_OUT)
    for run in registry.runs():
        if run.session_key in ended:
            run.stop(Generation.Status.STOPPED)

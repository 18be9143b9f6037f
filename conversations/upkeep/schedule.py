"""The background work of an installation, each part with its interval."""

from __future__ import annotations

from collections.abc import Coroutine, Iterator
from typing import Any

from conversations.generation.loop import every
from conversations.upkeep import expired_approvals, file_sweep, temporary, trash


def background() -> Iterator[Coroutine[Any, Any, None]]:
    """Yield the endless coroutines for ``engine.ensure_started``."""
    yield every(trash.INTERVAL, trash.empty, failure="Deleted conversations could not be erased")
    yield every(
        temporary.INTERVAL,
        temporary.Sweep().round,
        failure="Temporary conversations could not be erased",
    )
    yield every(file_sweep.INTERVAL, file_sweep.sweep, failure="Unused files could not be removed")
    yield every(
        expired_approvals.INTERVAL,
        expired_approvals.deny,
        failure="Overdue tool calls could not be denied",
    )

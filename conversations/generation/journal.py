"""Checkpoints of all running answers in one transaction, with their heartbeat."""

from __future__ import annotations

import logging

from django.db import Error

from conversations.database import threads
from conversations.generation import registry
from conversations.generation.live import hub
from conversations.generation.records import leases
from conversations.generation.run import Run
from conversations.models import Generation
from conversations.upstream.answer.answer import to_json

logger = logging.getLogger(__name__)

# At most this much of an answer's tail, in seconds, is lost to kill -9 (architecture § 4.4).
INTERVAL = 0.5


async def tick() -> None:
    """Store the changed answers of this process; without runs the database is not touched."""
    if runs := registry.runs():
        await _store(runs)


async def _store(runs: list[Run]) -> None:
    started = [(run, run.live) for run in runs if run.live is not None]
    changed = [(run, live) for run, live in started if run.is_dirty]
    checkpoints = [_checkpoint(run, live) for run, live in changed]
    try:
        pulse = await threads.run_journal(
            leases.beat, checkpoints, [live.generation for _, live in started]
        )
    except Error:
        # The text is safe in memory, and the next tick writes all of it.
        logger.exception("Answers on their way could not be checkpointed")
        for run, _ in changed:
            run.is_dirty = True
        return
    for run, live in started:
        # A run that has just been recorded is not held either, but it is not live any more.
        if run.generation_id not in pulse.held and run.live is live and not run.is_recorded:
            run.lose()
        elif run.generation_id in pulse.stopping:
            run.stop(Generation.Status.STOPPED)


def _checkpoint(run: Run, live: hub.LiveAnswer) -> leases.Checkpoint:
    run.is_dirty = False
    return leases.Checkpoint(live.message, to_json(run.answer.parts))

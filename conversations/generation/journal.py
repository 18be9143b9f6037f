"""Checkpoints of all answers of a process in one transaction, with the heartbeat of its leases."""

from __future__ import annotations

import logging

from django.db import Error

from conversations.database import threads
from conversations.generation import registry
from conversations.generation.records import leases
from conversations.generation.run import Run
from conversations.models import Generation
from conversations.upstream.answer.answer import to_json

logger = logging.getLogger(__name__)

# Seconds between ticks: a process that is killed loses at most this much of an answer's tail.
INTERVAL = 0.5


async def tick() -> None:
    """Store the changed answers of this process; without runs the database is not touched."""
    if runs := registry.runs():
        await _store(runs)


async def _store(runs: list[Run]) -> None:
    changed = [run for run in runs if run.is_dirty]
    checkpoints = [_checkpoint(run) for run in changed]
    try:
        pulse = await threads.run_journal(leases.beat, checkpoints, [run.id for run in runs])
    except Error:
        # The text is safe in memory, and the next tick writes all of it.
        logger.exception("Answers could not be checkpointed")
        for run in changed:
            run.is_dirty = True
        return
    for run in runs:
        # The row of a run whose end is being stored may not be running any more.
        if run.id not in pulse.held and not run.is_ending:
            run.lose()
        elif run.id in pulse.stopping:
            run.stop(Generation.Status.STOPPED)


def _checkpoint(run: Run) -> leases.Checkpoint:
    run.is_dirty = False
    return leases.Checkpoint(run.message_id, to_json(run.answer.parts))

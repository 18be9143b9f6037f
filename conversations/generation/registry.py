"""The runs of this process: started once, stopped, drained. Runs belong here, not to a browser."""

from __future__ import annotations

import asyncio
import logging
import threading
import uuid
from copy import copy

from django.conf import settings

from conversations.generation import loop, titles
from conversations.generation.run import Run
from conversations.generation.runner import execute
from conversations.models import Generation
from conversations.refusals import Refusal
from conversations.upstream.asking.client import Client
from conversations.upstream.endpoint import Timers

logger = logging.getLogger(__name__)

# How long the ends of interrupted runs may take to be written down, in seconds.
LAST_WRITES = 5.0
# How long whoever started a run lets it go first, in seconds.
LONGEST_COURTESY = 0.1
_runs: dict[uuid.UUID, Run] = {}
_starting: dict[uuid.UUID, Run] = {}
_tasks: dict[uuid.UUID, asyncio.Task[None]] = {}
_client: Client | None = None
_draining = threading.Event()


class DrainingError(Refusal):
    """The process is about to end and takes no new runs."""

    status = 503
    code = "restarting"


def accept() -> None:
    """Take runs (again)."""
    _draining.clear()


def is_draining() -> bool:
    """Whether this process ends as soon as its runs have. For any thread."""
    return _draining.is_set()


def start(generation: Generation, *, user_id: uuid.UUID, session_key: str) -> None:
    """Run a generation of this process. From any thread, after the commit that stored it.

    ``session_key``: the run ends with the session that asked for it (architecture § 4.9).
    """
    # Copies: the run goes on in other threads, and whoever made it with theirs.
    own = copy(generation)
    own.message = copy(generation.message)
    run = Run(own, user_id, session_key)
    if loop.is_attached():
        _starting[run.generation_id] = run
    loop.spawn(_start(run))


def let_ask(generation_id: uuid.UUID) -> None:
    """Wait a moment until a run that was just started has what it needs to ask.

    For a thread that has something longer to do: the threads of the process take turns, and the
    question is to go out before a page is drawn.
    """
    if run := _starting.get(generation_id) or _runs.get(generation_id):
        run.is_ready.wait(LONGEST_COURTESY)


def stop(generation_id: uuid.UUID) -> None:
    """Stop a run at once if it is here. From any thread; the row says it to everybody else."""
    loop.spawn(_stop(generation_id))


def runs() -> list[Run]:
    """The runs of this process that have not ended. In the loop's thread."""
    return list(_runs.values())


async def drain(grace: float) -> None:
    """Take no more runs; give these ``grace`` seconds, then interrupt them and await the writes.

    A database that does not serve holds nothing up: what it does not take by then is left as it
    was last checkpointed, for the next start to mark as interrupted.
    """
    _draining.set()
    await _wait(grace)
    for run in runs():
        run.stop(Generation.Status.INTERRUPTED)
    await _wait(LAST_WRITES)
    if _tasks:
        logger.error("The database does not serve: %d answers end unrecorded", len(_tasks))
    for run in runs():
        run.lose()
    for task in _tasks.values():
        task.cancel()
    await _wait(1)


async def _wait(seconds: float) -> None:
    if _tasks and seconds:
        await asyncio.wait(_tasks.values(), timeout=seconds)


async def close() -> None:
    """Give the connections to upstreams back."""
    global _client  # noqa: PLW0603 (a process has one client)
    if _client is not None:
        await _client.aclose()
    _client = None


async def _start(run: Run) -> None:
    if run.generation_id not in _runs:
        _runs[run.generation_id] = run
        task = loop.start(_execute(run))
        _tasks[run.generation_id] = task
        task.add_done_callback(lambda _: _forget(run.generation_id))
    _starting.pop(run.generation_id, None)


async def _execute(run: Run) -> None:
    client, timers = _shared_client(), _timers()
    await execute(run, client, timers)
    # A task of its own: naming a conversation holds up no end and no drain.
    loop.start(titles.propose(run.generation, client, timers))


async def _stop(generation_id: uuid.UUID) -> None:
    if run := _runs.get(generation_id):
        run.stop(Generation.Status.STOPPED)


def _forget(generation_id: uuid.UUID) -> None:
    _runs.pop(generation_id, None)
    _tasks.pop(generation_id, None)


def _shared_client() -> Client:
    global _client  # noqa: PLW0603 (a process has one client)
    if _client is None:
        _client = Client()
    return _client


def _timers() -> Timers:
    return Timers(
        first=settings.UPSTREAM_FIRST_EVENT_TIMEOUT,
        between=settings.UPSTREAM_STALL_TIMEOUT,
        whole=settings.UPSTREAM_RUN_TIMEOUT,
        plain=settings.UPSTREAM_PLAIN_TIMEOUT,
    )

"""The runs of this process: started once, stopped, drained. They belong here, not to a request."""

from __future__ import annotations

import asyncio
import logging
import threading
import uuid

from django.conf import settings

from conversations.generation import loop, run_plan, runner, titles
from conversations.generation.api_calls import ApiClient
from conversations.generation.run import Run
from conversations.generation.run_plan import RunPlan
from conversations.models import Generation
from conversations.refusals import Refusal
from conversations.upstream.asking.client import Client
from conversations.upstream.endpoint import Timers

logger = logging.getLogger(__name__)

# Seconds that storing the ends of interrupted runs may take.
LAST_WRITES = 5.0
_runs: dict[uuid.UUID, Run] = {}
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
    """Whether this process ends as soon as its runs have. From any thread."""
    return _draining.is_set()


def start(generation: Generation, *, session_key: str) -> None:
    """Start the run of a generation, after the commit that stored it. From any thread.

    Its request is built here, because this thread has the rows at hand: the loop gets something to
    send. The run ends with the session of ``session_key``, as docs/protocol.md promises.
    """
    if loop.is_attached():
        run = Run(generation, session_key=session_key)
        loop.post(_begin, run, run_plan.prepare(generation))


def stop(generation_id: uuid.UUID) -> None:
    """Stop a run at once if it is here. From any thread; other processes read it in the row."""
    loop.post(_stop, generation_id)


def runs() -> list[Run]:
    """Return the runs of this process that have not ended. In the loop's thread."""
    return list(_runs.values())


async def drain(grace: float) -> None:
    """Take no more runs; give these ``grace`` seconds, then interrupt them and await the writes.

    A database that does not serve delays nothing: an answer that it does not take by then stays as
    it was last checkpointed, for the next start to mark as interrupted.
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


async def close() -> None:
    """Close the connections to upstreams."""
    global _client  # noqa: PLW0603 (a process has one client)
    if _client is not None:
        await _client.aclose()
    _client = None


async def _wait(seconds: float) -> None:
    if _tasks and seconds:
        await asyncio.wait(_tasks.values(), timeout=seconds)


def _begin(run: Run, prepared: RunPlan | Exception) -> None:
    """Make the task of a run. In the loop's thread."""
    if run.id not in _runs:
        _runs[run.id] = run
        task = _tasks[run.id] = loop.start(_execute(run, prepared))
        task.add_done_callback(lambda _: _forget(run.id))


async def _execute(run: Run, prepared: RunPlan | Exception) -> None:
    client = ApiClient(_shared_client(), _timers())
    await runner.execute(run, prepared, client)
    if run.is_first:
        # A task of its own: naming a conversation holds up no end and no drain.
        loop.start(titles.propose(run.id, client))


def _stop(generation_id: uuid.UUID) -> None:
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

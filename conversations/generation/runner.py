"""One run: request → stream → fold → record. The only place that awaits upstream and database."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Coroutine, Mapping
from dataclasses import replace
from typing import Any

from django.utils import timezone

from conversations.crypto import UndecryptableError
from conversations.database import threads
from conversations.generation import loop
from conversations.generation.images import make_image, store
from conversations.generation.live import frames, hub, notify
from conversations.generation.live.flusher import AnswerFlusher
from conversations.generation.records import approvals, leases, outcome_columns, wire_records
from conversations.generation.request import context
from conversations.generation.run import ApiCall, Run, RunPlan
from conversations.generation.tool_calls import rounds, toolbox
from conversations.models import Generation
from conversations.queries import tool_modes
from conversations.queries.connections import endpoint_for
from conversations.queries.parameters import team_settings
from conversations.rendering.stream import VERSION, wrap_blocks
from conversations.tools.base import Tool
from conversations.upstream.answer import parts
from conversations.upstream.answer.answer import Answer, from_json, to_json
from conversations.upstream.asking.client import Client
from conversations.upstream.asking.retry import Retry
from conversations.upstream.endpoint import Endpoint, Timers
from conversations.upstream.errors import ErrorKind, UpstreamError
from conversations.upstream.request import ChatRequest

logger = logging.getLogger(__name__)


async def execute(run: Run, client: Client, timers: Timers) -> None:
    """Carry a generation of this process to its end."""
    live = _open(run, run.generation)
    try:
        await _carry(run, live, client, timers)
    finally:
        hub.close_answer(live.generation)
        run.live = None
    notify.conversation(live.conversation)


async def _carry(run: Run, live: hub.LiveAnswer, client: Client, timers: Timers) -> None:
    await hub.publish(live.conversation, _running(live))
    painter = AnswerFlusher(live, run.answer)
    painting = loop.start(painter.run())
    result = await _produce(run, client, timers, painter)
    painter.end()
    blocks = await painting
    if not run.is_lost and await _record(run, result, blocks):
        # Closed first: who subscribes from here on reads the end in the database.
        hub.close_answer(live.generation)
        await _publish_end(live, outcome_columns.status_of(result, run.answer)[0])


def _open(run: Run, generation: Generation) -> hub.LiveAnswer:
    run.answer = Answer(from_json(generation.message.parts))
    run.live = hub.LiveAnswer(
        generation=generation.id,
        message=generation.message_id,
        conversation=generation.message.conversation_id,
        user=run.user_id,
        view=hub.LiveView(),
    )
    hub.open_answer(run.live)
    return run.live


async def _produce(
    run: Run, client: Client, timers: Timers, painter: AnswerFlusher
) -> outcome_columns.RunResult:
    """Ask and read; every way in which that can end is a value."""
    error = None
    try:
        job = await threads.insist(lambda: threads.run_read(_load, run, client, timers))
        run.is_ready.set()
        talking = _converse(run, client, painter, job=job, timers=timers)
        await _unless_stopped(run, talking)
    except asyncio.CancelledError:
        if not run.stopping_as:
            raise
    except UpstreamError as upstream_error:
        # Its kind and status: nothing that the upstream wrote goes into a log.
        logger.warning("Run %s failed: %s", run.generation_id, upstream_error)
        error = upstream_error
    except Exception:
        logger.exception("A run failed for a reason of ours")
        error = UpstreamError(ErrorKind.INTERNAL)
    run.is_ready.set()
    run.answer.finish()
    return outcome_columns.RunResult(
        outcome=run.outcome,
        error=error,
        stopped_as="" if error else run.stopping_as,
        first_delta_at=run.first_delta_at,
        usage=run.asking.usage(run.answer, run.outcome) if run.asking else {},
        spent=run.spent,
        is_waiting=bool(run.waiting),
    )


def _load(run: Run, client: Client, timers: Timers) -> RunPlan:
    generation = run.generation
    if generation.connection is None:
        # Deleted between the send and this moment.
        raise UpstreamError(ErrorKind.UNREACHABLE, reason="no_connection")
    try:
        endpoint = endpoint_for(generation.connection)
    except UndecryptableError as error:
        raise UpstreamError(ErrorKind.KEY_REFUSED, reason="undecryptable") from error
    message, team = generation.message, team_settings()
    basis = context.basis_of(generation, team)
    # An answer that has nothing yet has no calls about which anything was decided.
    decisions = approvals.decisions(message) if message.parts else {}
    tools: Mapping[str, Tool] = {}
    if basis.offers_tools or decisions:
        drawn = make_image.tools_for(run, client, timers)
        tools = toolbox.tools_for(message.conversation, drawn, team=team)
    return RunPlan(
        context.request_for(generation, basis, tools),
        endpoint,
        tools,
        held=tool_modes.held_in(message.conversation, list(tools), team=team),
        decisions=decisions,
        question=message.parent.text if message.parent else "",
    )


async def _converse(
    run: Run,
    client: Client,
    painter: AnswerFlusher,
    *,
    job: RunPlan,
    timers: Timers,
) -> None:
    """Ask, run the tools that the model calls, and ask again, until it answers."""
    generation = run.generation

    def changed() -> None:
        run.is_dirty = True
        painter.touch()

    if job.decisions and run.answer.open_calls:
        await rounds.run_decided(run.answer, job.tools, job.decisions, changed)
        generation.message.parts = to_json(run.answer.parts)
        job = await threads.insist(lambda: threads.run_read(_load, run, client, timers))
        run.answer.begin_round()
    rounds.give_up(run.answer)
    request, endpoint, now = job.request, job.endpoint, asyncio.get_running_loop().time
    end = now() + timers.whole
    for number in itertools.count(1):
        before = run.answer.parts
        run.asking = ApiCall(request, outcome_columns.said_tokens(run.answer))
        rest = replace(timers, whole=max(end - now(), 1.0))
        caption = store.Caption(job.question)
        reader = store.ImageReader(run.answer, generation, caption, request, changed)
        await _read(run, client, painter, reader, endpoint=endpoint, request=request, timers=rest)
        run.answer.finish()
        changed()
        if not rounds.goes_on(request, run.outcome, run.answer):
            return
        await _close_round(run, generation)
        if run.outcome.refused_stream_options:
            await _remember_refusal(generation)
            endpoint = replace(endpoint, stream_options=False)
        waiting = rounds.to_be_asked(run.answer, job.tools, job.held)
        await rounds.run_calls(run.answer, job.tools, changed, without=waiting)
        if waiting:
            run.waiting = waiting
            return
        said = parts.added(before, run.answer.parts)
        is_last = number >= rounds.MAX_ROUNDS
        request = context.next_round(request, said, is_last=is_last)
        run.answer.begin_round()


async def _close_round(run: Run, generation: Generation) -> None:
    """Write down what the call took; a stop that comes now does not undo that."""
    assert run.asking is not None  # noqa: S101 (it has just been answered)
    usage = run.asking.usage(run.answer, run.outcome)
    call = leases.CallUsage(usage, run.asking.made_at)
    run.spent, run.asking = outcome_columns.add(run.spent, usage), None
    writing = threads.insist(lambda: threads.run_write(leases.record_round, generation, call))
    await asyncio.shield(loop.start(writing))


async def _unless_stopped(run: Run, reading: Coroutine[Any, Any, None]) -> None:
    """Read in a task of its own, which ``Run.stop`` cancels; this one always gets to record."""
    if run.stopping_as:
        reading.close()
        raise asyncio.CancelledError
    run.reader = loop.begin(reading)
    await run.reader


async def _read(
    run: Run,
    client: Client,
    painter: AnswerFlusher,
    reader: store.ImageReader,
    *,
    endpoint: Endpoint,
    request: ChatRequest,
    timers: Timers,
) -> None:
    def tell(retry: Retry) -> None:
        loop.start(hub.publish(painter.live.conversation, _running(painter.live, retry.wait)))

    async with client.exchange(
        endpoint, request, timers, on_retry=tell, pace=painter.rest
    ) as exchange:
        run.recordings.append(exchange.recording)
        try:
            async for delta in exchange:
                run.first_delta_at = run.first_delta_at or timezone.now()
                if run.asking is not None:
                    run.asking.has_deltas = True
                await reader.take(delta)
            await reader.finish()
        finally:
            reader.release()
            run.outcome = exchange.outcome


async def _record(
    run: Run, result: outcome_columns.RunResult, blocks: tuple[str, ...] | None
) -> bool:
    """Write the end of the run; False when the lease was lost."""
    generation = run.generation
    status, error = outcome_columns.status_of(result, run.answer)
    ending = leases.Ending(
        parts=to_json(run.answer.parts),
        html=wrap_blocks(blocks or ()),
        # Version 0 is nobody's: the page draws it when it is opened.
        html_version=0 if blocks is None else VERSION,
        status=status,
        columns=outcome_columns.columns_for(result, error),
        call=leases.CallUsage(result.usage, run.asking.made_at) if run.asking else None,
        exchanges=await wire_records.packed(run.recordings),
        waiting=run.waiting if status == Generation.Status.AWAITING_APPROVAL else (),
    )
    if result.outcome.refused_stream_options:
        await _remember_refusal(generation)
    run.is_recorded = True
    # Until a database that is full, locked or away comes back, the answer waits in memory.
    return await threads.insist(lambda: threads.run_write(leases.end, generation, ending))


async def _remember_refusal(generation: Generation) -> None:
    if connection_id := generation.connection_id:
        await threads.insist(lambda: threads.run_write(leases.remember_refusal, connection_id))


async def _publish_end(live: hub.LiveAnswer, status: str) -> None:
    frame = frames.final(
        conversation=live.conversation,
        message=live.message,
        generation=live.generation,
        sequence=live.view.sequence,
        status=status,
    )
    await hub.publish(live.conversation, frame)


def _running(live: hub.LiveAnswer, retry_in: float | None = None) -> str:
    return frames.status(
        conversation=live.conversation,
        message=live.message,
        generation=live.generation,
        status=Generation.Status.RUNNING,
        retry_in=retry_in,
    )

"""One run: request → stream → fold → record. The only place that awaits upstream and database."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from conversations.crypto import UndecryptableError
from conversations.generation import accounts, announce, context, db, frames, hub, leases, loop
from conversations.generation.estimate import count_tokens
from conversations.generation.painter import Painter
from conversations.models import Generation
from conversations.queries.connections import endpoint_for
from conversations.rendering.stream import VERSION, wrap_blocks
from conversations.upstream.client import Client
from conversations.upstream.endpoint import Endpoint, Timers
from conversations.upstream.errors import ErrorKind, UpstreamError
from conversations.upstream.outcome import Outcome
from conversations.upstream.parts import Answer, from_json, to_json
from conversations.upstream.request import ChatRequest
from conversations.upstream.retry import Retry

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Run:
    """One generation in this process. ``session_key``: the session that asked for it."""

    generation_id: uuid.UUID
    user_id: uuid.UUID
    session_key: str
    answer: Answer = field(default_factory=Answer)
    # How the exchange stands, also when it ends badly: retries, request id, usage.
    outcome: Outcome = field(default_factory=Outcome)
    # From the claim to the record; before and after it the database is all there is.
    live: hub.LiveAnswer | None = None
    is_dirty: bool = False
    is_lost: bool = False
    is_recorded: bool = False
    stopping_as: str = ""
    first_delta_at: datetime | None = None
    reader: asyncio.Task[None] | None = None

    def stop(self, status: str) -> None:
        """End the run as ``status``; what arrived is kept. The first call decides."""
        if self.stopping_as:
            return
        self.stopping_as = status
        if self.reader is not None:
            self.reader.cancel()

    def lose(self) -> None:
        """The lease is another's now: end, write nothing, publish nothing more."""
        self.is_lost = True
        self.stop(Generation.Status.INTERRUPTED)


async def execute(run: Run, client: Client, timers: Timers) -> None:
    """Carry a queued generation to its end. Returns at once when somebody else has claimed it."""
    generation = await db.insist(lambda: db.run_write(leases.claim, run.generation_id))
    if generation is None:
        return
    live = _open(run, generation)
    try:
        await _carry(run, generation, live, client, timers)
    finally:
        hub.close_answer(live.generation)
        run.live = None
    announce.conversation(live.conversation)


async def _carry(
    run: Run, generation: Generation, live: hub.LiveAnswer, client: Client, timers: Timers
) -> None:
    await hub.publish(live.conversation, _running(live))
    painter = Painter(live, run.answer)
    painting = loop.start(painter.run())
    result = await _produce(run, generation, client, timers, painter)
    run.answer.finish()
    painter.end()
    blocks = await painting
    if not run.is_lost and await _record(run, generation, result, blocks):
        # Closed first: who subscribes from here on reads the end in the database.
        hub.close_answer(live.generation)
        await _publish_end(live, accounts.status_of(result, run.answer)[0])


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
    run: Run, generation: Generation, client: Client, timers: Timers, painter: Painter
) -> accounts.Result:
    """Ask and read; every way in which that can end is a value."""
    request, error = None, None
    prior = count_tokens(run.answer.text) + count_tokens(run.answer.reasoning)
    try:
        request, endpoint = await db.insist(lambda: db.run_read(_load, generation))
        reading = _read(run, client, painter, endpoint=endpoint, request=request, timers=timers)
        await _unless_stopped(run, reading)
    except asyncio.CancelledError:
        if not run.stopping_as:
            raise
    except UpstreamError as upstream_error:
        # Its kind and status: nothing that the upstream wrote goes into a log.
        logger.warning("Run %s failed: %s", run.generation_id, upstream_error)
        error = upstream_error
    except Exception:
        logger.exception("A run failed for a reason of ours")
        error = UpstreamError(ErrorKind.BAD_STREAM)
    return accounts.Result(
        request=request,
        outcome=run.outcome,
        error=error,
        stopped_as="" if error else run.stopping_as,
        prior_tokens=prior,
        first_delta_at=run.first_delta_at,
    )


def _load(generation: Generation) -> tuple[ChatRequest, Endpoint]:
    if generation.connection is None:
        # Deleted between the send and this moment.
        raise UpstreamError(ErrorKind.UNREACHABLE, reason="no_connection")
    try:
        endpoint = endpoint_for(generation.connection)
    except UndecryptableError as error:
        raise UpstreamError(ErrorKind.KEY_REFUSED, reason="undecryptable") from error
    return context.request_for(generation), endpoint


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
    painter: Painter,
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
        try:
            async for delta in exchange:
                run.first_delta_at = run.first_delta_at or timezone.now()
                run.answer.add(delta)
                run.is_dirty = True
                painter.touch()
        finally:
            run.outcome = exchange.outcome


async def _record(
    run: Run,
    generation: Generation,
    result: accounts.Result,
    blocks: tuple[str, ...] | None,
) -> bool:
    """Write the end of the run; False when the lease was lost."""
    status, error = accounts.status_of(result, run.answer)
    ending = leases.Ending(
        parts=to_json(run.answer.parts),
        html=wrap_blocks(blocks or ()),
        # Version 0 is nobody's: the page draws it when it is opened.
        html_version=0 if blocks is None else VERSION,
        status=status,
        columns=accounts.columns_for(result, run.answer, error),
        was_asked=result.request is not None,
    )
    connection_id = generation.connection_id
    if result.outcome.refused_stream_options and connection_id:
        await db.insist(lambda: db.run_write(leases.remember_refusal, connection_id))
    run.is_recorded = True
    # Until a database that is full, locked or away comes back, the answer waits in memory.
    return await db.insist(lambda: db.run_write(leases.end, generation, ending))


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

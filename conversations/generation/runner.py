"""One run from its start to its end: the work, the record of its end, and the frames about it.

The only place that awaits both an upstream and the database.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from conversations.database import threads
from conversations.database.transactions import is_outage
from conversations.generation import loop, run_plan, tool_loop
from conversations.generation.api_calls import ApiClient
from conversations.generation.live import hub, notify
from conversations.generation.records import leases, outcome_columns, wire_records
from conversations.generation.records.outcome_columns import RunResult
from conversations.generation.run import Run
from conversations.generation.run_plan import RunPlan
from conversations.models import Generation, UsageRecord
from conversations.rendering.stream import VERSION, wrap_blocks
from conversations.upstream.answer.answer import ToolCallPart, to_json
from conversations.upstream.body.outcome import Outcome
from conversations.upstream.errors import ErrorKind, UpstreamError

logger = logging.getLogger(__name__)

# 0 never equals the renderer's version, so that the page renders the answer when it is read.
UNRENDERED = 0


@dataclass(frozen=True, slots=True)
class Work:
    """The end that a run's work came to by itself: calls that wait for approval, or an error."""

    waiting: Sequence[ToolCallPart] = ()
    error: UpstreamError | None = None


async def execute(run: Run, prepared: RunPlan | Exception, client: ApiClient) -> None:
    """Carry a run of this process to its end; ``prepared`` is its plan, or why there is none."""
    hub.open_answer(run.live)
    try:
        status = await _carry(run, prepared, client)
    finally:
        # Closed before the last frame: later subscribers must read the finished row.
        hub.close_answer(run.id)
    if status:
        await hub.publish(run.conversation_id, run.live.final(status))
    notify.conversation(run.conversation_id)


async def _carry(run: Run, prepared: RunPlan | Exception, client: ApiClient) -> str:
    """Produce the answer and record it; return the status, "" where the lease was lost."""
    await hub.publish(run.conversation_id, run.live.running())
    flushing = loop.start(run.flusher.run())
    work = await run.unless_stopped(_work(run, prepared, client))
    run.flusher.end()
    blocks = await flushing
    if run.is_lost:
        return ""
    return await _record(run, _result_of(run, work or Work()), blocks)


async def _work(run: Run, prepared: RunPlan | Exception, client: ApiClient) -> Work:
    """Send the requests of a run. Every failure is a value."""
    try:
        plan = await _plan_of(run, prepared)
        run.parameters = plan.parameters
        return Work(waiting=await tool_loop.converse(run, plan, client))
    except UpstreamError as error:
        # Its kind and status alone: nothing that the upstream wrote goes into a log.
        logger.warning("Run %s failed: %s", run.id, error)
        return Work(error=error)
    except Exception:
        logger.exception("Run %s failed for a reason of ours", run.id)
        return Work(error=UpstreamError(ErrorKind.INTERNAL))


async def _plan_of(run: Run, prepared: RunPlan | Exception) -> RunPlan:
    if isinstance(prepared, RunPlan):
        return prepared
    if not is_outage(prepared):
        raise prepared
    return await threads.insist(lambda: threads.run_read(run_plan.load, run.id))


def _result_of(run: Run, work: Work) -> RunResult:
    calls = run.own_calls
    return RunResult(
        outcome=calls[-1].outcome if calls else Outcome(),
        error=work.error,
        stopped_as="" if work.error else run.stopped_as,
        waiting=work.waiting,
        first_delta_at=next((call.first_delta_at for call in calls if call.first_delta_at), None),
        tokens=[call.tokens for call in calls],
    )


async def _record(run: Run, result: RunResult, blocks: tuple[str, ...] | None) -> str:
    """Store the end of a run; return its status, "" where the lease was lost."""
    status, error = outcome_columns.status_of(result, run.answer)
    last = run.own_calls[-1] if run.own_calls else None
    ending = leases.Ending(
        parts=to_json(run.answer.parts),
        html=wrap_blocks(blocks or ()),
        html_version=UNRENDERED if blocks is None else VERSION,
        status=status,
        columns=outcome_columns.columns_for(result, error) | {"parameters": run.parameters},
        is_continued=run.is_continued,
        call=last if last and last.purpose is UsageRecord.Purpose.CHAT else None,
        recordings=await wire_records.packed([c.recording for c in run.calls if c.recording]),
        waiting=result.waiting if status == Generation.Status.AWAITING_APPROVAL else (),
        refuses_tools=any(call.outcome.refused_tools for call in run.own_calls),
        refuses_stream_options=any(call.outcome.refused_stream_options for call in run.own_calls),
    )
    run.is_ending = True
    # The answer waits in memory while the database is full, locked or away.
    written = await threads.insist(lambda: threads.run_write(leases.end, run.id, ending))
    return status if written else ""

"""The loop of a run: send the request, run the tool calls of the response, send the next one."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from conversations.database import threads
from conversations.generation import loop, run_plan
from conversations.generation.api_calls import ApiCall, ApiClient, record
from conversations.generation.images import make_image, store
from conversations.generation.live import hub
from conversations.generation.records import leases
from conversations.generation.request import context
from conversations.generation.run import Run
from conversations.generation.run_plan import RunPlan
from conversations.generation.tool_calls import rounds
from conversations.models import UsageRecord
from conversations.tools.base import Tool
from conversations.upstream.answer import parts
from conversations.upstream.answer.answer import ToolCallPart, to_json
from conversations.upstream.asking.retry import Retry


async def converse(run: Run, plan: RunPlan, client: ApiClient) -> Sequence[ToolCallPart]:
    """Send requests and run tool calls until a response has none, or one needs an approval.

    Return the tool calls that wait for approval. Raises UpstreamError.
    """
    if plan.decisions and run.answer.open_calls:
        plan = await _run_decided(run, plan, client)
    rounds.give_up(run.answer)
    tools = make_image.in_run(plan.tools, run, client, plan.image_model)
    request, endpoint = plan.request, plan.endpoint
    remaining = _time_limit(client)
    for number in itertools.count(1):
        before = run.answer.parts
        call = ApiCall(request, endpoint, run.answer)
        await _send(run, call, remaining(), plan.question)
        if not rounds.goes_on(request, call.outcome, run.answer):
            break
        await _record_round(run, call)
        if call.outcome.refused_stream_options:
            endpoint = replace(endpoint, stream_options=False)
        if waiting := await _run_calls(run, tools, plan.held):
            return waiting
        added = parts.added(before, run.answer.parts)
        request = context.next_round(request, added, is_last=number >= rounds.MAX_ROUNDS)
        run.answer.begin_round()
    return ()


async def _send(run: Run, call: ApiCall, client: ApiClient, question: str) -> None:
    caption = store.Caption(question)
    reader = store.ImageReader(run.answer, run.id, caption, call.request, run.changed)

    def tell(retry: Retry) -> None:
        loop.start(hub.publish(run.conversation_id, run.live.running(retry.wait)))

    run.calls.append(call)
    await client.send(call, reader, on_retry=tell, pace=run.flusher.wait_until_due)
    run.changed()


async def _record_round(run: Run, call: ApiCall) -> None:
    call.purpose = UsageRecord.Purpose.TOOL_ROUND
    await record(leases.record_round, run.id, call)


async def _run_calls(
    run: Run, tools: Mapping[str, Tool], held: frozenset[str]
) -> Sequence[ToolCallPart]:
    """Run the tool calls of the last response; return those that need an approval first."""
    checked = rounds.check(run.answer, tools)
    ready, waiting = rounds.split_held(checked, held)
    await rounds.run_calls(run.answer, ready, run.changed)
    return waiting


async def _run_decided(run: Run, plan: RunPlan, client: ApiClient) -> RunPlan:
    """Run the tool calls that were decided; return a plan whose request has their results."""
    rounds.apply_decisions(run.answer, plan.decisions)
    run.changed()
    tools = make_image.in_run(plan.tools, run, client, plan.image_model)
    await rounds.run_calls(run.answer, rounds.check(run.answer, tools), run.changed)
    stored = to_json(run.answer.parts)
    plan = await threads.insist(lambda: threads.run_read(run_plan.load, run.id, stored))
    run.answer.begin_round()
    return plan


def _time_limit(client: ApiClient) -> Callable[[], ApiClient]:
    """Return a function that gives the client whose limit is the rest of the whole run's."""
    now = asyncio.get_running_loop().time
    end = now() + client.timers.whole

    def remaining() -> ApiClient:
        return replace(client, timers=replace(client.timers, whole=max(end - now(), 1.0)))

    return remaining

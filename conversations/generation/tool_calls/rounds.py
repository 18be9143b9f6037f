"""One round of calls: checked, run side by side within limits, and answered, each of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping

from conversations.generation.records.approvals import DENIED, Decision
from conversations.tools import running
from conversations.tools.base import Tool
from conversations.upstream.answer.answer import Answer, ToolCallPart, ToolResultPart
from conversations.upstream.answer.history import NOT_FINISHED
from conversations.upstream.answer.parts import ResultState
from conversations.upstream.answer.tool_calls import read_arguments
from conversations.upstream.body.outcome import Outcome
from conversations.upstream.request import ChatRequest

MAX_ROUNDS = 10
MAX_CALLS = 16
CONCURRENCY = 4
# Of all results of an answer together: it is held in memory, and sent anew with each round.
MAX_RESULT_BYTES = 4 * 1024 * 1024
# Calls that ended like this are cut off, or somebody else's to judge.
_UNUSABLE = frozenset({"length", "content_filter"})


def goes_on(request: ChatRequest, outcome: Outcome, answer: Answer) -> bool:
    """Whether what the model said are calls to be run: whole ones, of what it was offered."""
    if not request.tools or request.tool_choice == "none":
        return False
    is_whole = outcome.is_complete and outcome.finish_reason not in _UNUSABLE
    return is_whole and bool(answer.open_calls)


def give_up(answer: Answer) -> None:
    """Close the calls that an earlier run left open: nobody knows what came of them."""
    for call in answer.open_calls:
        answer.add_result(ToolResultPart(call.id, NOT_FINISHED, "failed"))


async def run_calls(
    answer: Answer,
    tools: Mapping[str, Tool],
    changed: Callable[[], None],
    *,
    without: Collection[ToolCallPart] = (),
) -> None:
    """Run the open calls, and put each result into the answer as it comes.

    Cancelled in the middle, it leaves the other calls without one.
    """
    slots = asyncio.Semaphore(CONCURRENCY)

    async def one(call: ToolCallPart, number: int) -> None:
        async with slots:
            result = await _run(call, tools, number)
        answer.add_result(_part(call, result, _room(answer)))
        changed()

    async with asyncio.TaskGroup() as group:
        for number, call in enumerate(answer.open_calls, 1):
            if call not in without:
                group.create_task(one(call, number))


def to_be_asked(
    answer: Answer, tools: Mapping[str, Tool], held: frozenset[str]
) -> list[ToolCallPart]:
    """The open calls about which a person is asked first: those that could be run at all."""
    return [
        call
        for call in answer.open_calls[:MAX_CALLS]
        if call.name in held and _refusal(call, tools) is None
    ]


async def run_decided(
    answer: Answer,
    tools: Mapping[str, Tool],
    decisions: Mapping[str, Decision],
    changed: Callable[[], None],
) -> None:
    """Run the calls that a person has allowed, as they were allowed; the others are denied."""
    for call in answer.open_calls:
        decision = decisions.get(call.id)
        if decision is None or not decision.is_allowed:
            answer.add_result(ToolResultPart(call.id, DENIED, "denied"))
        elif decision.arguments != call.arguments:
            answer.put_arguments(call.id, decision.arguments)
    changed()
    await run_calls(answer, tools, changed)


async def _run(call: ToolCallPart, tools: Mapping[str, Tool], number: int) -> running.ToolResult:
    if number > MAX_CALLS:
        return running.failure(f"at most {MAX_CALLS} calls are run at a time; this one was not.")
    refusal = _refusal(call, tools)
    return refusal or await running.run(tools[call.name], read_arguments(call.arguments) or {})


def _refusal(call: ToolCallPart, tools: Mapping[str, Tool]) -> running.ToolResult | None:
    return running.refuse(tools, call.name, call.arguments, read_arguments(call.arguments))


def _part(call: ToolCallPart, result: running.ToolResult, room: int) -> ToolResultPart:
    state: ResultState = "failed" if result.is_failure else "done"
    return ToolResultPart(call.id, running.cut(result.content, room), state, result.seconds)


def _room(answer: Answer) -> int:
    taken = sum(
        len(part.content.encode()) for part in answer.step_parts if isinstance(part, ToolResultPart)
    )
    return max(MAX_RESULT_BYTES - taken, 0)

"""One round of tool calls: checked, run side by side within limits, each with a result."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from conversations.generation.records.approvals import DENIED, Decision
from conversations.tools import running
from conversations.tools.base import Arguments, Tool
from conversations.upstream.answer.answer import Answer, ToolCallPart, ToolResultPart
from conversations.upstream.answer.history import NOT_FINISHED
from conversations.upstream.answer.parts import ResultState
from conversations.upstream.answer.tool_calls import read_arguments
from conversations.upstream.body.outcome import Outcome
from conversations.upstream.request import ChatRequest

MAX_ROUNDS = 10
MAX_CALLS = 16
CONCURRENCY = 4
# All results of an answer together: they are held in memory and sent again with each round.
MAX_RESULT_BYTES = 4 * 1024 * 1024
# After these finish reasons the calls may be incomplete, or the server's rules forbid them.
_UNUSABLE = frozenset({"length", "content_filter"})


@dataclass(frozen=True, slots=True)
class RunnableCall:
    """A tool call that can be run: its tool exists, and its arguments fit the schema."""

    part: ToolCallPart
    tool: Tool
    arguments: Arguments


@dataclass(frozen=True, slots=True)
class RefusedCall:
    """A tool call that cannot be run, with the result that tells the model why."""

    part: ToolCallPart
    result: running.ToolResult


CheckedCall = RunnableCall | RefusedCall


def goes_on(request: ChatRequest, outcome: Outcome, answer: Answer) -> bool:
    """Whether the response is whole tool calls, of tools that it was offered."""
    if not request.tools or request.tool_choice == "none":
        return False
    is_whole = outcome.is_complete and outcome.finish_reason not in _UNUSABLE
    return is_whole and bool(answer.open_calls)


def give_up(answer: Answer) -> None:
    """Give a result to the calls that an earlier run left open: nobody knows what they did."""
    for call in answer.open_calls:
        answer.add_result(ToolResultPart(call.id, NOT_FINISHED, "failed"))


def apply_decisions(answer: Answer, decisions: Mapping[str, Decision]) -> None:
    """Deny the open calls that were not allowed, and give the others their decided arguments."""
    for call in answer.open_calls:
        decision = decisions.get(call.id)
        if decision is None or not decision.is_allowed:
            answer.add_result(ToolResultPart(call.id, DENIED, "denied"))
        elif decision.arguments != call.arguments:
            answer.put_arguments(call.id, decision.arguments)


def check(answer: Answer, tools: Mapping[str, Tool]) -> list[CheckedCall]:
    """Check the open calls of an answer, once a round; more than MAX_CALLS are refused."""
    calls = answer.open_calls
    excess = running.failure(f"at most {MAX_CALLS} calls are run at a time; this one was not.")
    return [
        *(_checked(call, tools) for call in calls[:MAX_CALLS]),
        *(RefusedCall(call, excess) for call in calls[MAX_CALLS:]),
    ]


def split_held(
    calls: Sequence[CheckedCall], held: frozenset[str]
) -> tuple[list[CheckedCall], list[ToolCallPart]]:
    """Part the calls that are answered now from those that need an approval first.

    A call that cannot be run needs none.
    """
    waiting = [call for call in calls if isinstance(call, RunnableCall) and call.tool.name in held]
    return [call for call in calls if call not in waiting], [call.part for call in waiting]


async def run_calls(
    answer: Answer, calls: Iterable[CheckedCall], changed: Callable[[], None]
) -> None:
    """Run calls side by side, and add each result to the answer as it comes.

    Cancelled in the middle, it leaves the other calls without one.
    """
    slots = asyncio.Semaphore(CONCURRENCY)

    async def run_one(call: CheckedCall) -> None:
        async with slots:
            result = await _result_of(call)
        answer.add_result(_part(call.part, result, _room(answer)))
        changed()

    async with asyncio.TaskGroup() as group:
        for call in calls:
            group.create_task(run_one(call))


def _checked(call: ToolCallPart, tools: Mapping[str, Tool]) -> CheckedCall:
    arguments = read_arguments(call.arguments)
    refusal = running.refuse(tools, call.name, call.arguments, arguments)
    if refusal is not None:
        return RefusedCall(call, refusal)
    return RunnableCall(call, tools[call.name], arguments or {})


async def _result_of(call: CheckedCall) -> running.ToolResult:
    if isinstance(call, RefusedCall):
        return call.result
    return await running.run(call.tool, call.arguments)


def _part(call: ToolCallPart, result: running.ToolResult, room: int) -> ToolResultPart:
    state: ResultState = "failed" if result.is_failure else "done"
    return ToolResultPart(call.id, running.cut(result.content, room), state, result.seconds)


def _room(answer: Answer) -> int:
    taken = sum(
        len(part.content.encode()) for part in answer.step_parts if isinstance(part, ToolResultPart)
    )
    return max(MAX_RESULT_BYTES - taken, 0)

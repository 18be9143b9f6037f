"""The check of a round's tool calls: each is read once, and has arguments or a refusal."""

from __future__ import annotations

from typing import Any

import pytest

from conversations.generation.records.approvals import DENIED, Decision
from conversations.generation.tool_calls import rounds
from conversations.generation.tool_calls.rounds import RefusedCall, RunnableCall
from conversations.tools.base import Arguments, Tool, schema
from conversations.upstream.answer.answer import Answer
from conversations.upstream.answer.parts import ToolCallPart, ToolResultPart

CITY = schema({"city": {"type": "string"}}, required=("city",))


class Weather:
    """A tool that remembers the arguments that it was run with."""

    def __init__(self) -> None:
        self.ran: list[Arguments] = []

    @property
    def tools(self) -> dict[str, Tool]:
        return {"weather": Tool("weather", "Weather", CITY, self._run)}

    async def _run(self, arguments: Arguments) -> str:
        self.ran.append(arguments)
        return f"Sun in {arguments['city']}"


def answer_with(*arguments: str, name: str = "weather") -> Answer:
    return Answer([ToolCallPart(str(n), name, text) for n, text in enumerate(arguments, 1)])


def changed() -> None:
    """Show nothing."""


@pytest.mark.parametrize(
    ("arguments", "name", "words"),
    [
        ('{"city', "weather", "not a JSON object"),
        ("[]", "weather", "not a JSON object"),
        ("{}", "weather", "do not fit the schema"),
        ('{"city": 7}', "weather", "do not fit the schema"),
        ('{"city": "Paris"}', "tides", "no tool named"),
    ],
)
def test_a_call_that_cannot_be_run_has_its_result_already(
    arguments: str, name: str, words: str
) -> None:
    [call] = rounds.check(answer_with(arguments, name=name), Weather().tools)
    assert isinstance(call, RefusedCall)
    assert call.result.is_failure
    assert words in call.result.content


def test_a_call_that_can_be_run_has_its_arguments() -> None:
    [call] = rounds.check(answer_with('{"city": "Paris"}'), Weather().tools)
    assert isinstance(call, RunnableCall)
    assert call.arguments == {"city": "Paris"}


def test_calls_beyond_the_limit_are_refused_and_need_no_approval() -> None:
    answer = answer_with(*['{"city": "Paris"}'] * (rounds.MAX_CALLS + 2))
    checked = rounds.check(answer, Weather().tools)
    ready, waiting = rounds.split_held(checked, frozenset({"weather"}))
    assert len(waiting) == rounds.MAX_CALLS
    assert [call.part.id for call in ready] == ["17", "18"]
    assert all(isinstance(call, RefusedCall) for call in ready)


async def test_only_what_is_ready_is_run_and_each_call_has_one_result() -> None:
    weather = Weather()
    answer = answer_with('{"city": "Paris"}', "{}", '{"city": "Rome"}')
    ready, waiting = rounds.split_held(rounds.check(answer, weather.tools), frozenset())
    assert waiting == []
    await rounds.run_calls(answer, ready, changed)
    assert answer.open_calls == ()
    assert weather.ran == [{"city": "Paris"}, {"city": "Rome"}]


async def test_decided_arguments_are_checked_like_those_of_the_model() -> None:
    weather = Weather()
    answer = answer_with('{"city": "Paris"}', '{"city": "Rome"}', '{"city": "Bern"}')
    decisions = {"1": Decision(True, '{"city": "Oslo"}'), "3": Decision(True, "{}")}
    rounds.apply_decisions(answer, decisions)
    await rounds.run_calls(answer, rounds.check(answer, weather.tools), changed)
    assert weather.ran == [{"city": "Oslo"}]
    results: dict[str, Any] = {
        part.call_id: part for part in answer.step_parts if isinstance(part, ToolResultPart)
    }
    assert (results["2"].content, results["2"].state) == (DENIED, "denied")
    assert results["1"].content == "Sun in Oslo"
    assert results["3"].state == "failed"

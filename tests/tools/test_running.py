"""Tool calls: checked, run within limits, with every failure reported to the model."""

from __future__ import annotations

import asyncio
import datetime
import json
from dataclasses import replace
from typing import Any

import pytest

from conversations.tools.base import Arguments, Tool, ToolError, schema
from conversations.tools.calculator import calculator
from conversations.tools.checking import problems_of, problems_of_schema
from conversations.tools.clock import clock
from conversations.tools.running import MAX_RESULT_BYTES, refuse, run

CITY = schema({"city": {"type": "string"}, "days": {"type": "integer"}}, required=("city",))
NOON = datetime.datetime(2026, 11, 25, 12, 30, tzinfo=datetime.UTC)


def tool(answer: Any = "sunny", parameters: dict[str, Any] = CITY) -> Tool:
    async def handle(arguments: Arguments) -> str:
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, float):
            await asyncio.sleep(answer)
        return str(answer)

    return Tool("weather", "The weather", parameters, handle)


@pytest.mark.parametrize(
    ("name", "raw", "arguments", "words"),
    [
        ("wether", "{}", {}, 'no tool named "wether". There are: weather.'),
        ("weather", '{"city": ', None, 'not a JSON object: {"city": '),
        ("weather", "{}", {}, "'city' is a required property"),
        ("weather", "", {"city": 7}, "$.city: 7 is not of type 'string'"),
        ("weather", "", {"city": "x", "y": 1}, "'y' was unexpected"),
        ("weather", "x" * 70_000, None, "over 64 KB"),
    ],
)
def test_what_is_refused(name: str, raw: str, arguments: dict[str, Any] | None, words: str) -> None:
    result = refuse({"weather": tool()}, name, raw, arguments)
    assert result is not None
    assert result.is_failure
    assert words in result.content
    assert len(result.content) < 1000


def test_what_fits_is_not_refused() -> None:
    assert refuse({"weather": tool()}, "weather", "", {"city": "Paris"}) is None


async def test_a_run_and_its_ways_to_fail() -> None:
    done = await run(tool(), {})
    assert (done.content, done.is_failure) == ("sunny", False)
    told = await run(tool(ToolError("no such city.")), {})
    assert (told.content, told.is_failure) == ("Error: no such city.", True)
    slow = await run(replace(tool(60.0), seconds=0.05), {})
    assert (slow.content, slow.is_failure) == ("Error: it took over 0.05 seconds.", True)
    assert slow.seconds >= 0.05


async def test_a_fault_of_ours_tells_the_model_nothing_of_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken = await run(tool(RuntimeError("secret")), {})
    assert broken.content == "Error: the tool failed."
    assert "secret" in caplog.text


async def test_a_long_result_is_cut_and_says_so() -> None:
    result = await run(tool("漢" * MAX_RESULT_BYTES), {})
    assert result.content.endswith(f"\n[cut after {MAX_RESULT_BYTES} bytes]")
    assert len(result.content.encode()) < MAX_RESULT_BYTES + 50
    half = await run(tool("a\ud83d"), {})
    assert half.content == "a?"


@pytest.mark.parametrize(
    "parameters",
    [{"type": "objekt"}, {"type": "string"}, [], None, {"type": "object", "properties": 7}],
)
def test_schemas_that_are_none(parameters: object) -> None:
    assert problems_of_schema(parameters)


def test_a_schema_fetches_nothing_and_ends() -> None:
    assert problems_of_schema(CITY) == []
    remote = {"type": "object", "$ref": "http://127.0.0.1:9/schema"}
    assert "refers to what is not there" in problems_of({}, remote)[0].words
    endless = {"type": "object", "$ref": "#"}
    assert "too deeply" in problems_of({}, endless)[0].words
    evil = schema({"x": {"type": "string", "pattern": "^(a+)+$"}})
    assert problems_of({"x": "a" * 5000 + "!"}, evil) == []


async def test_the_clock_knows_zones() -> None:
    own = clock("Asia/Shanghai", lambda: NOON)
    assert json.loads((await run(own, {})).content) == {
        "date": "2026-11-25",
        "time": "20:30:00",
        "weekday": "Wednesday",
        "iso_week": 48,
        "time_zone": "Asia/Shanghai",
        "utc_offset": "+08:00",
    }
    told = json.loads((await run(own, {"zone": "america/new york"})).content)
    assert (told["time"], told["utc_offset"]) == ("07:30:00", "-05:00")
    wrong = await run(own, {"zone": "Europe/Berlim"})
    assert wrong.is_failure
    assert "Did you mean Europe/Berlin" in wrong.content


async def test_the_calculator() -> None:
    assert (await run(calculator(), {"expression": "6 * 7"})).content == "42"
    assert (
        await run(calculator(), {"expression": "1/0"})
    ).content == "Error: this divides by zero."

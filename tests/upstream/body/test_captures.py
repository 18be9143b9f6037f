"""Recorded answers of other projects' servers, against a simple parser of their bytes."""

from __future__ import annotations

import itertools
import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.upstream.answer.tool_calls import read_arguments
from tests.fakes.behaviours import CAPTURES
from tests.upstream.body.receive import Received, receive
from tests.upstream.captured import ANSWERS, CALLS, ERRORS, INDEX


def read(name: str, cuts: list[int] | None = None) -> Received:
    body = (CAPTURES / f"{name}.sse").read_bytes()
    edges = [0, *sorted(cut % (len(body) + 1) for cut in cuts or []), len(body)]
    pieces = [body[start:end] for start, end in itertools.pairwise(edges)]
    return receive(pieces, status=INDEX[name]["status"])


def summary(received: Received) -> tuple[Any, ...]:
    error = received.error
    return (
        received.answer.parts,
        received.is_complete,
        received.facts.finish_reason,
        received.facts.usage,
        received.facts.response_id,
        received.facts.model,
        error and (error.kind, error.detail, error.status),
    )


def test_every_capture_is_in_a_table() -> None:
    assert set(INDEX) == set(ANSWERS) | set(ERRORS) | set(CALLS)


@pytest.mark.parametrize("name", ANSWERS)
def test_answers_are_what_a_plain_reading_gives(name: str) -> None:
    received = read(name)
    text, finish_reason, usage = ANSWERS[name]
    assert received.error is None
    assert received.answer.text == text
    assert received.facts.finish_reason == finish_reason
    assert received.is_complete == (finish_reason is not None)
    found = received.facts.usage
    assert (found and (found.prompt, found.completion, found.total)) == usage


def plainly(name: str) -> tuple[str, str | None]:
    """Return the text and the finish reason by the simplest parser that reads clean bytes."""
    body = (CAPTURES / f"{name}.sse").read_text()
    if body.startswith("{"):
        [choice] = json.loads(body)["choices"]
        return choice["message"]["content"], choice.get("finish_reason")
    lines = [
        line.removeprefix("data:").strip() for line in body.splitlines() if line[:5] == "data:"
    ]
    chunks = [json.loads(line) for line in lines if line != "[DONE]"]
    choices = [chunk["choices"][0] for chunk in chunks if chunk["choices"]]
    text = "".join(choice["delta"].get("content") or "" for choice in choices)
    return text, next((one["finish_reason"] for one in choices if one.get("finish_reason")), None)


@pytest.mark.parametrize("name", ANSWERS)
def test_the_table_is_what_a_plain_reading_gives(name: str) -> None:
    text, finish_reason, _ = ANSWERS[name]
    # The <think> element at the start is left out, because the next test covers it.
    plain = re.sub(r"\A<think>.*?</think>\s*", "", plainly(name)[0], flags=re.DOTALL)
    assert (plain, plainly(name)[1]) == (text, finish_reason)


def test_think_element_becomes_reasoning() -> None:
    received = read("llamacpp-think-as-text")
    assert received.answer.reasoning == "Let me think about it. 6 * 7\n"


@pytest.mark.parametrize("name", CALLS)
def test_calls_are_put_together(name: str) -> None:
    received = read(name)
    assert received.error is None
    assert received.is_complete
    assert received.facts.finish_reason == "tool_calls"
    assert received.answer.is_empty
    [call] = received.answer.open_calls
    tool, arguments = CALLS[name]
    assert call.name == tool
    assert call.id.startswith("call_")
    assert read_arguments(call.arguments) == arguments


@pytest.mark.parametrize("name", CALLS)
def test_the_calls_are_what_a_plain_reading_gives(name: str) -> None:
    body = (CAPTURES / f"{name}.sse").read_text()
    lines = [body] if body.startswith("{") else re.findall(r"^data: (\{.*)$", body, re.MULTILINE)
    said = [choice for line in lines for choice in json.loads(line)["choices"]]
    calls = [one for each in said for one in _said(each).get("tool_calls") or []]
    arguments = "".join(call["function"].get("arguments") or "" for call in calls)
    [call] = read(name).answer.open_calls
    assert call.arguments == arguments
    assert call.id == next(one["id"] for one in calls if one.get("id"))


def _said(choice: dict[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = choice.get("delta") or choice.get("message") or {}
    return said


@pytest.mark.parametrize("name", ERRORS)
def test_errors_have_their_kind(name: str) -> None:
    received = read(name)
    assert received.error is not None
    assert received.error.kind == ERRORS[name]
    assert received.answer.is_empty


@pytest.mark.parametrize("name", INDEX)
@settings(max_examples=12)
@given(cuts=st.lists(st.integers(min_value=0, max_value=20_000), max_size=12))
def test_cutting_anywhere_changes_nothing(name: str, cuts: list[int]) -> None:
    assert summary(read(name, cuts)) == summary(read(name))


@pytest.mark.parametrize(
    "name", ["litellm-text", "llmock-text", "llamacpp-bytes", "llmock-err-401"]
)
def test_single_bytes_change_nothing(name: str) -> None:
    body = (CAPTURES / f"{name}.sse").read_bytes()
    assert summary(read(name, list(range(len(body))))) == summary(read(name))

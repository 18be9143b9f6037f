"""The history in a request is valid whatever happened in the conversation."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.upstream.answer.history import NOT_FINISHED, fitting_name, repair, turns_of
from conversations.upstream.answer.parts import (
    ImagePart,
    Part,
    ReasoningPart,
    TextPart,
    ToolCallPart,
    ToolResultPart,
    from_json,
    to_json,
)

USER = {"role": "user", "content": "Hi"}
CLOCK = ToolCallPart("a", "clock", '{"zone": "UTC"}')
NOON = ToolResultPart("a", "12:00", seconds=0.5)
DOG = ImagePart("0" * 64, alt="a dog", width=10, height=20)


def call(part: ToolCallPart) -> dict[str, Any]:
    function = {"name": part.name, "arguments": part.arguments}
    return {"id": part.id, "type": "function", "function": function}


def test_a_tool_round_is_sent_back_as_documented() -> None:
    parts = (ReasoningPart("hm"), CLOCK, NOON, TextPart("It is "), TextPart("noon."))
    assert turns_of(parts) == [
        {"role": "assistant", "content": None, "tool_calls": [call(CLOCK)]},
        {"role": "tool", "tool_call_id": "a", "content": "12:00"},
        {"role": "assistant", "content": "It is noon."},
    ]
    assert turns_of((TextPart("Let me look."), CLOCK))[0]["content"] == "Let me look."


def test_a_picture_goes_back_as_words() -> None:
    broken, made = ImagePart(problem="broken"), replace(DOG, model="gpt-image-1")
    assert turns_of((DOG,)) == [{"role": "assistant", "content": "[Image: a dog]"}]
    assert turns_of((TextPart("Look:"), DOG, broken)) == [
        {"role": "assistant", "content": "Look:\n\n[Image: a dog]"}
    ]
    # The image is left out, because the tool's result mentions it.
    assert turns_of((CLOCK, made, NOON)) == turns_of((CLOCK, NOON))
    assert turns_of((CLOCK, NOON, replace(DOG, alt="")))[-1]["content"] == "[Image]"


def test_parts_are_stored_and_read_back() -> None:
    said = (ReasoningPart("r"), TextPart("t"), CLOCK, NOON, ToolResultPart("b", "x", "denied"))
    parts = (*said, DOG, ImagePart(problem="unreachable", url="https://pictures.example/1.png"))
    assert from_json(json.loads(json.dumps(to_json(parts)))) == parts


@pytest.mark.parametrize(
    "entry",
    [
        {"type": "tool_call", "id": "x"},
        {"type": "tool_result", "call_id": "x", "content": 7, "state": "done", "seconds": 0},
        {"type": "text"},
        {"type": "image"},
        {"type": "image", "digest": 7},
        {"type": "image", "digest": "x", "width": "wide"},
    ],
)
def test_parts_that_cannot_be_read_are_left_out(entry: dict[str, Any]) -> None:
    assert from_json([entry]) == ()


def test_a_call_that_was_broken_off_gets_a_result() -> None:
    other = ToolCallPart("b", "clock", "{}")
    turns = [USER, *turns_of((CLOCK, other, NOON)), USER]
    assert repair(turns)[1:] == [
        {"role": "assistant", "content": None, "tool_calls": [call(CLOCK), call(other)]},
        {"role": "tool", "tool_call_id": "a", "content": "12:00"},
        {"role": "tool", "tool_call_id": "b", "content": NOT_FINISHED},
        USER,
    ]


@pytest.mark.parametrize("arguments", ["", '{"zone": "U', "[1]", "null"])
def test_arguments_that_upstreams_refuse_are_not_sent(arguments: str) -> None:
    [turn, _] = repair(turns_of((ToolCallPart("a", "clock", arguments),)))
    assert turn["tool_calls"][0]["function"]["arguments"] == "{}"


@pytest.mark.parametrize(
    ("name", "fitted"),
    [("clock", "clock"), ("functions.clock:", "functions_clock_"), ("", "unknown"), ("时", "_")],
)
def test_names_that_upstreams_refuse_are_made_to_fit(name: str, fitted: str) -> None:
    assert fitting_name(name) == fitted
    assert len(fitting_name(name * 100)) <= 64


def test_empty_answers_and_results_of_nothing_are_dropped() -> None:
    turns: list[dict[str, Any]] = [
        {"role": "tool", "tool_call_id": "z", "content": "?"},
        USER,
        {"role": "assistant", "content": " "},
        {"role": "assistant", "content": None, "tool_calls": []},
        {"role": "assistant", "content": "x", "tool_calls": [{"id": "", "function": {}}]},
    ]
    assert repair(turns) == [USER, {"role": "assistant", "content": "x"}]


PARTS: st.SearchStrategy[Part] = st.one_of(
    st.builds(TextPart, st.text(max_size=3)),
    st.builds(ReasoningPart, st.text(max_size=3)),
    st.builds(ToolCallPart, st.sampled_from("abc"), st.text(max_size=3), st.text(max_size=4)),
    st.builds(ToolResultPart, st.sampled_from("abcd"), st.text(max_size=3)),
)
HISTORIES = st.lists(st.lists(PARTS, max_size=8), max_size=4).map(
    lambda answers: [turn for parts in answers for turn in (USER, *turns_of(parts))]
)


@given(HISTORIES)
def test_whatever_happened_the_history_is_whole(turns: list[dict[str, Any]]) -> None:
    repaired = repair(turns)
    at = 0
    while at < len(repaired):
        turn = repaired[at]
        at += 1
        calls = turn.get("tool_calls", [])
        assert turn["role"] != "tool"
        assert turn["content"] or calls
        for each in calls:
            function = each["function"]
            assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", function["name"])
            assert isinstance(json.loads(function["arguments"], strict=False), dict)
        results = repaired[at : at + len(calls)]
        assert [one.get("tool_call_id") for one in results] == [each["id"] for each in calls]
        at += len(calls)


@given(HISTORIES)
def test_repairing_twice_is_repairing_once(turns: list[dict[str, Any]]) -> None:
    once = repair(turns)
    assert repair(once) == once


@given(HISTORIES)
def test_what_people_said_stays(turns: list[dict[str, Any]]) -> None:
    assert [turn for turn in repair(turns) if turn["role"] == "user"] == [
        turn for turn in turns if turn["role"] == "user"
    ]

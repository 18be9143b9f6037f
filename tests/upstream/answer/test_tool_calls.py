"""Tool calls, in all the pieces and variants in which servers send them."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.upstream.answer.answer import Answer, TextDelta, ToolCallDelta, ToolResultPart
from conversations.upstream.answer.tool_calls import (
    MAX_CALLS,
    AssembledCall,
    CallAssembler,
    CallPiece,
    read_arguments,
    with_ids,
)
from conversations.upstream.errors import TooLarge
from tests.upstream.body.receive import receive, stream


def assemble(*pieces: CallPiece) -> list[tuple[str, str, str]]:
    assembler = CallAssembler()
    for piece in pieces:
        assembler.add(piece)
    return [(call.id, call.name, call.arguments) for call in assembler.calls]


def chunk(*calls: dict[str, Any], finish: str | None = None) -> str:
    choice = {"index": 0, "delta": {"tool_calls": list(calls)}, "finish_reason": finish}
    return json.dumps({"choices": [choice]})


def function(arguments: object = None, name: str | None = None) -> dict[str, object]:
    fields = {"name": name, "arguments": arguments}
    return {key: value for key, value in fields.items() if value is not None}


def calls_in(*payloads: str) -> list[tuple[str, str, str]]:
    received = receive([stream(*payloads, "[DONE]")])
    assert received.error is None
    return [(call.id, call.name, call.arguments) for call in received.answer.open_calls]


def test_several_calls_are_interleaved_by_index() -> None:
    pieces = [
        CallPiece(0, "a", "one", '{"x"'),
        CallPiece(1, "b", "two", '{"y"'),
        CallPiece(0, arguments=": 1}"),
        CallPiece(1, arguments=": 2}"),
    ]
    assert assemble(*pieces) == [("a", "one", '{"x": 1}'), ("b", "two", '{"y": 2}')]


def test_id_and_name_repeated_in_each_piece() -> None:
    pieces = [CallPiece(0, "a", "one", text) for text in ("{", '"x"', ": 1}")]
    assert assemble(*pieces) == [("a", "one", '{"x": 1}')]
    without_index = [CallPiece(None, "a", "one", text) for text in ("{", "}")]
    assert assemble(*without_index) == [("a", "one", "{}")]


def test_repeated_ids_without_index_are_interleaved_too() -> None:
    order = [("a", "{"), ("b", "["), ("a", "}"), ("b", "]")]
    assert assemble(*(CallPiece(None, key, key, text) for key, text in order)) == [
        ("a", "a", "{}"),
        ("b", "b", "[]"),
    ]


def test_one_index_for_all_calls_is_told_apart_by_ids_or_names() -> None:
    by_id = [CallPiece(0, "a", "one", "{}"), CallPiece(0, "b", "one", "{}")]
    assert assemble(*by_id) == [("a", "one", "{}"), ("b", "one", "{}")]
    by_name = [CallPiece(0, "", "one", "{}"), CallPiece(0, "", "two", "{}")]
    assert assemble(*by_name) == [("", "one", "{}"), ("", "two", "{}")]


def test_a_name_may_come_in_pieces_and_an_id_late() -> None:
    pieces = [CallPiece(0, "", "get_"), CallPiece(0, "", "weather"), CallPiece(0, "late", "", "{}")]
    assert assemble(*pieces) == [("late", "get_weather", "{}")]


def test_pieces_without_index_or_id_go_on_with_the_last_call() -> None:
    pieces = [CallPiece(None, "a", "one"), CallPiece(arguments="{"), CallPiece(arguments="}")]
    assert assemble(*pieces) == [("a", "one", "{}")]


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        # The index as a string, the arguments as an object, a call outside of a list.
        ([{"index": "0", "id": "a", "function": function("{}", "one")}], ("a", "one", "{}")),
        ([{"index": 0, "id": "a", "function": function({"x": 1}, "one")}], ("a", "one", '{"x":1}')),
        ([{"index": 0, "id": "a", "name": "one", "arguments": "{}"}], ("a", "one", "{}")),
        ([{"index": 0, "id": None, "function": function(None, "one")}], ("call_1", "one", "")),
        ([{"index": 0, "id": 7, "function": function("{", "one")}], ("call_1", "one", "{")),
        ([{"index": None, "function": None}], ("call_1", "", "")),
    ],
)
def test_odd_shapes(calls: list[dict[str, Any]], expected: tuple[str, str, str]) -> None:
    assert calls_in(chunk(*calls)) == [expected]


@pytest.mark.parametrize("calls", [None, [], "x", 7, [None, "x", 7]])
def test_what_is_no_call_is_none(calls: object) -> None:
    choice = {"delta": {"content": "Hi", "tool_calls": calls}, "finish_reason": "stop"}
    assert calls_in(json.dumps({"choices": [choice]})) == []


def test_the_older_function_call_counts_where_it_is_alone() -> None:
    old = {"function_call": {"name": "one", "arguments": "{}"}}
    both = old | {"tool_calls": [{"index": 0, "id": "a", "function": function("{}", "one")}]}
    for delta, expected in [(old, "call_1"), (both, "a")]:
        payload = json.dumps({"choices": [{"delta": delta, "finish_reason": "function_call"}]})
        assert calls_in(payload) == [(expected, "one", "{}")]


def test_a_whole_message_has_its_calls_by_their_place() -> None:
    calls = [{"index": 0, "id": "", "function": function("{}", name)} for name in ("one", "one")]
    message = {"role": "assistant", "content": None, "tool_calls": calls}
    body = json.dumps({"choices": [{"message": message, "finish_reason": "tool_calls"}]})
    received = receive([body.encode()])
    assert [(call.id, call.name) for call in received.answer.open_calls] == [
        ("call_1", "one"),
        ("call_2", "one"),
    ]


def test_ids_are_one_of_a_kind() -> None:
    calls = [AssembledCall("a", "x", ""), AssembledCall("a", "y", ""), AssembledCall("", "z", "")]
    assert [call.id for call in with_ids(calls, ["a", "call_4"])] == ["a-2", "a-3", "call_5"]
    assert [call.id for call in with_ids([AssembledCall("", "x", "")], ["call_2"])] == ["call_2-2"]


@st.composite
def interleavings(draw: st.DrawFn) -> tuple[list[AssembledCall], list[CallPiece]]:
    """Draw calls, and the pieces in which a server may send them."""
    text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
    made = [
        AssembledCall(f"id{number}", f"tool{number % 2}", draw(text))
        for number in range(draw(st.integers(1, 5)))
    ]
    has_index, repeats = draw(st.booleans()), draw(st.booleans())
    queues = []
    for number, call in enumerate(made):
        cuts = sorted(draw(st.lists(st.integers(0, len(call.arguments)), max_size=4)))
        edges = [0, *cuts, len(call.arguments)]
        texts = [call.arguments[a:b] for a, b in itertools.pairwise(edges)]
        known = (number if has_index else None, call.id, call.name)
        later = known if repeats or not has_index else (number, "", "")
        queues.append([CallPiece(*(later if at else known), text) for at, text in enumerate(texts)])
    pieces = [queue.pop(0) for queue in queues]
    while remaining := [queue for queue in queues if queue]:
        pieces.append(draw(st.sampled_from(remaining)).pop(0))
    return made, pieces


@given(interleavings())
def test_any_interleaving_gives_the_same_calls(
    drawn: tuple[list[AssembledCall], list[CallPiece]],
) -> None:
    made, pieces = drawn
    assert assemble(*pieces) == [(call.id, call.name, call.arguments) for call in made]


def test_limits() -> None:
    assembler = CallAssembler(limit=10)
    assembler.add(CallPiece(0, arguments="12345"))
    with pytest.raises(TooLarge):
        assembler.add(CallPiece(0, arguments="漢字"))
    many = CallAssembler()
    for number in range(MAX_CALLS):
        many.add(CallPiece(number))
    with pytest.raises(TooLarge):
        many.add(CallPiece(MAX_CALLS))


def test_a_character_that_is_cut_in_two_is_joined() -> None:
    assert assemble(CallPiece(0, "a", "x", "\ud83d"), CallPiece(0, arguments="\ude00")) == [
        ("a", "x", "😀")
    ]


@pytest.mark.parametrize(
    ("arguments", "value"),
    [
        ("", {}),
        (" \n", {}),
        ("{}", {}),
        ('{"a": "b\tc"}', {"a": "b\tc"}),
        ('{"a":', None),
        ("[]", None),
        ("null", None),
        ('{"a": 1} {"a": 2}', None),
        ("[" * 100_000, None),
    ],
)
def test_reading_arguments(arguments: str, value: object) -> None:
    assert read_arguments(arguments) == value


def test_an_answer_goes_round_by_round() -> None:
    answer = Answer()
    for delta in (TextDelta("Let me look."), ToolCallDelta(CallPiece(0, "a", "clock", "{}"))):
        answer.add(delta)
    answer.finish()
    [call] = answer.open_calls
    answer.add_result(ToolResultPart(call.id, "12:00"))
    answer.begin_round()
    for delta in (
        TextDelta("<think>so</think>"),
        TextDelta("It is noon."),
        ToolCallDelta(CallPiece(0, "a", "clock", "")),
    ):
        answer.add(delta)
    answer.finish()
    assert answer.text == "Let me look.\n\nIt is noon."
    assert answer.reasoning == "so"
    assert [call.id for call in answer.open_calls] == ["a-2"]
    again = Answer(answer.parts)
    assert (again.parts, again.text, again.open_calls) == (
        answer.parts,
        answer.text,
        answer.open_calls,
    )

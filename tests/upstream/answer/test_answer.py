from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.upstream.answer.answer import (
    Answer,
    Delta,
    ReasoningDelta,
    ReasoningPart,
    TextDelta,
    TextPart,
    from_json,
    to_json,
)
from conversations.upstream.errors import ErrorKind, TooLarge
from tests.effort import bounded


def fold(*deltas: Delta | str) -> Answer:
    answer = Answer()
    for delta in deltas:
        answer.add(TextDelta(delta) if isinstance(delta, str) else delta)
    answer.finish()
    return answer


def test_adjacent_deltas_of_a_kind_join() -> None:
    answer = fold(ReasoningDelta("a"), ReasoningDelta("b"), "c", "d", ReasoningDelta("e"), "f")
    assert answer.parts == (
        ReasoningPart("ab"),
        TextPart("cd"),
        ReasoningPart("e"),
        TextPart("f"),
    )
    assert (answer.text, answer.reasoning) == ("cdf", "abe")


def test_json_round_trip() -> None:
    parts = (ReasoningPart("r"), TextPart("t"))
    stored = to_json(parts)
    assert stored == [{"type": "reasoning", "text": "r"}, {"type": "text", "text": "t"}]
    assert from_json(stored) == parts
    assert from_json([{"type": "tool_call", "id": "x"}, {"type": "text"}, *stored]) == parts


@pytest.mark.parametrize(
    ("text", "reasoning", "rest"),
    [
        ("<think>why</think>so", "why", "so"),
        ("<think>\nwhy\n</think>\n\nso", "why\n", "so"),
        ("\n <think>why</think>so", "why", "so"),
        ("<think>why", "why", ""),
        ("<think></think>so", "", "so"),
        ("<think>a</thinker>b</think>c", "a</thinker>b", "c"),
        ("<think>a</think>b<think>c</think>", "a", "b<think>c</think>"),
        ("so <think>why</think>", "", "so <think>why</think>"),
        ("<thinking>x", "", "<thinking>x"),
        ("<th", "", "<th"),
        ("\n\nso", "", "\n\nso"),
        ("<think>a</thi", "a</thi", ""),
    ],
)
def test_think_element(text: str, reasoning: str, rest: str) -> None:
    for size in range(1, len(text) + 1):
        answer = fold(*[text[at : at + size] for at in range(0, len(text), size)])
        assert (answer.reasoning, answer.text) == (reasoning, rest)


@given(st.text("<think>/ \nx", max_size=60), st.lists(st.integers(0, 60), max_size=6))
def test_think_element_cut_anywhere(text: str, cuts: list[int]) -> None:
    edges = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    pieces = [text[a:b] for a, b in itertools.pairwise(edges)]
    assert fold(*pieces).parts == fold(text).parts


def test_nothing_of_a_tag_shows_while_it_streams() -> None:
    answer = Answer()
    shown = []
    for piece in ["<", "thi", "nk>", "a</", "think", ">", "b"]:
        answer.add(TextDelta(piece))
        shown.append((answer.reasoning, answer.text))
    assert shown[:3] == [("", "")] * 3
    assert shown[3:] == [("a", "")] * 3 + [("a", "b")]


def test_an_answer_that_goes_on_opens_no_think_element() -> None:
    answer = Answer([TextPart("so ")])
    answer.add(TextDelta("<think>far"))
    answer.finish()
    assert answer.parts == (TextPart("so <think>far"),)


def test_is_empty() -> None:
    assert fold().is_empty
    assert fold(" ", "\n").is_empty
    assert not fold("x").is_empty
    assert not fold(ReasoningDelta("x")).is_empty


@pytest.mark.parametrize("kind", [TextDelta, ReasoningDelta])
def test_too_large_keeps_what_fits(kind: type[TextDelta | ReasoningDelta]) -> None:
    answer = Answer(limit=10)
    answer.add(kind("12345678"))
    with pytest.raises(TooLarge) as caught:
        answer.add(kind("漢字"))
    assert caught.value.kind is ErrorKind.TOO_LARGE
    assert answer.text + answer.reasoning == "12345678"
    with pytest.raises(TooLarge):
        answer.add(kind("abc"))
    assert answer.text + answer.reasoning == "12345678ab"


def test_the_limit_is_one_mebibyte_each() -> None:
    answer = fold(ReasoningDelta("x" * 2**20), "y" * 2**20)
    with pytest.raises(TooLarge):
        answer.add(TextDelta("z"))
    assert len(answer.text) == len(answer.reasoning) == 2**20


def test_many_deltas_with_readings_between_stay_cheap() -> None:
    answer = Answer()
    with bounded(5):
        for at in range(100_000):
            answer.add(TextDelta("0123456789"))
            if at % 1000 == 0:
                assert len(answer.text) == 10 * (at + 1)


def test_reasoning_is_timed_from_the_start_of_its_round() -> None:
    now = 100.0
    answer = Answer(clock=lambda: now)
    now = 104.0
    answer.add(ReasoningDelta("Hm"))
    assert (answer.thinking_since, answer.seconds_thought) == (100.0, 0.0)
    now = 106.0
    answer.add(TextDelta("So"))
    assert (answer.thinking_since, answer.seconds_thought, answer.is_writing) == (None, 6.0, True)
    answer.begin_round()
    now = 107.5
    answer.add(ReasoningDelta("Then"))
    now = 109.0
    answer.finish()
    stored = to_json(answer.parts)
    assert [part.get("seconds") for part in stored] == [6.0, None, 3.0]
    assert Answer(from_json(stored)).seconds_thought == 9.0

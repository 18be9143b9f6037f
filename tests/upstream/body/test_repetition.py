"""Chunks that repeat the last one: what they say is what reading each of them would have said."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.upstream.answer.answer import Answer, to_json
from conversations.upstream.body import chunks, repetition
from conversations.upstream.body.repetition import Repetition
from conversations.upstream.body.response_body import Reception

WORDS = [
    "a",
    " b",
    ":",
    ",",
    "}",
    "data:image/png;base64,AA",
    "c\\d",
    'e"f',
    "é😀",
    "<think>",
    "words",
    " ",
]


def chunk(key: str = "content", words: object = "a", **more: Any) -> str:
    choice = {"index": 0, "delta": {key: words}, "finish_reason": None}
    return json.dumps({"id": "x", "model": "m", "choices": [choice], **more}, ensure_ascii=False)


CHUNKS = st.builds(
    chunk, st.sampled_from(["content", "reasoning_content", "role"]), st.sampled_from(WORDS)
)
OTHERS = st.sampled_from(
    [
        chunk(words=[{"type": "text", "text": "a"}]),
        chunk(words=None),
        chunk(id="y"),
        chunk(usage={"completion_tokens": 1}),
        chunk(error={"message": "a"}),
        chunk(choices=[{"index": 1, "delta": {"content": "a"}}]),
        chunk(choices=[{"index": 0, "message": {"content": "a"}}]),
        chunk(choices=[{"index": 0, "delta": {"content": "a"}, "finish_reason": "stop"}]),
        chunk(model="a"),
        '{"a":"a"',
        "[DONE]",
        "",
    ]
)


def read(payloads: list[str], *, at_once: bool) -> tuple[object, ...]:
    reception, answer = Reception({}, key=""), Answer()
    events = [f"data: {payload}\n\n".encode() for payload in payloads]
    for data in [b"".join(events)] if at_once else events:
        for delta in reception.feed(data):
            answer.add(delta)
    for delta in reception.end():
        answer.add(delta)
    answer.finish()
    error = reception.error and reception.error.kind
    return to_json(answer.parts), vars(reception.facts), reception.events, error


@given(st.lists(CHUNKS | CHUNKS | OTHERS, max_size=12), st.booleans())
def test_all_is_as_if_each_had_been_read(payloads: list[str], at_once: bool) -> None:
    found = read(payloads, at_once=at_once)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Repetition, "words", lambda *_: None)
        assert read(payloads, at_once=at_once) == found


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The payloads that are read as JSON."""
    payloads: list[str] = []

    def parse(payload: str) -> chunks.Chunk:
        payloads.append(payload)
        return chunk_of(payload)

    chunk_of = chunks.parse
    monkeypatch.setattr(chunks, "parse", parse)
    monkeypatch.setattr(repetition, "parse", parse)
    return payloads


def test_a_stream_is_read_once(parsed: list[str]) -> None:
    read([chunk(words=f" {number}") for number in range(100)], at_once=False)
    assert len(parsed) == 2


def test_what_never_repeats_is_not_tried_for_ever(parsed: list[str]) -> None:
    read([chunk(words="a", padding="x" * number) for number in range(100)], at_once=True)
    assert len(parsed) < 110


def test_words_that_would_be_read_otherwise_are_read(parsed: list[str]) -> None:
    read([chunk(words="a"), chunk(words='"'), chunk(words="\n"), chunk(words="b")], at_once=True)
    assert len(parsed) == 6

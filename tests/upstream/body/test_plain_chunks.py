"""The fast path of `chunks.parse`, and joined words: the same as reading each chunk as a whole."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.upstream.answer.answer import Answer, TextDelta, to_json
from conversations.upstream.body import chunks
from conversations.upstream.body.chunks import Chunk
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
    "\ud83d",
    "<think>",
    "words",
    " ",
    "",
]
# Values of every JSON type, with those that count as words, as an end or as a number.
VALUES: list[Any] = [
    *(None, True, False, 0, 1, 2.5, -1, "", "0", "stop", "a", [], {}, [1], ["a"]),
    *({"a": "a"}, {"text": "a"}, [{"text": "a"}], {"completion_tokens": 1}, {"message": "a"}),
]
DELTA = ["content", "reasoning_content", "role", "reasoning", "refusal", "tool_calls", "images"]
CHOICE = ["index", "finish_reason", "delta", "message", "logprobs"]
DOCUMENT = ["id", "object", "created", "model", "usage", "error", "detail", "message", "data"]


def chunk(key: str = "content", words: object = "a", **more: Any) -> str:
    choice = {"index": 0, "delta": {key: words}, "finish_reason": None}
    return json.dumps({"id": "x", "model": "m", "choices": [choice], **more})


def fields(names: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(names), st.sampled_from(VALUES + WORDS), max_size=3)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A chunk of words with a few of its fields, at any depth, replaced or added."""
    delta = {"content": draw(st.sampled_from(WORDS)), **draw(fields(DELTA))}
    choice = {"index": 0, "delta": delta, **draw(fields(CHOICE))}
    choices = draw(st.sampled_from([[choice], [choice], [choice, choice], choice, [None], []]))
    return {"id": "x", "choices": choices, **draw(fields(DOCUMENT))}


PLAIN = st.builds(
    chunk, st.sampled_from(["content", "reasoning_content", "role"]), st.sampled_from(WORDS)
)
OTHERS = st.sampled_from(
    [
        chunk(words=[{"type": "text", "text": "a"}]),
        chunk(words=None),
        chunk(id="y"),
        chunk(created=1),
        chunk(usage={"completion_tokens": 1}),
        chunk(error={"message": "a"}),
        chunk(choices=[{"index": 1, "delta": {"content": "a"}}]),
        chunk(choices=[{"index": 0, "message": {"content": "a"}}]),
        chunk(choices=[{"index": 0, "delta": {"content": "a", "reasoning_content": "b"}}]),
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


@given(documents())
def test_the_fast_path_returns_what_the_whole_reading_does(document: dict[str, Any]) -> None:
    payload = json.dumps(document)
    found = chunks.parse(payload)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks, "_parse_plain", lambda _: None)
        assert chunks.parse(payload) == found


@given(st.lists(PLAIN | PLAIN | OTHERS, max_size=12), st.booleans())
def test_joined_words_are_the_words_of_each_chunk(payloads: list[str], at_once: bool) -> None:
    found = read(payloads, at_once=at_once)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks, "_parse_plain", lambda _: None)
        patch.setattr(Chunk, "continues", lambda *_: False)
        assert read(payloads, at_once=at_once) == found


@pytest.mark.parametrize("key", ["content", "reasoning_content"])
def test_a_stream_of_words_takes_the_fast_path(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(chunks, "_parse_any")
    assert "abc" in str(read([chunk("role", "assistant"), chunk(key, "abc")], at_once=False))


def test_the_words_of_one_read_become_one_delta() -> None:
    payloads = [chunk(words="a"), chunk(words="b"), chunk(words="c", id="y")]
    body = "".join(f"data: {payload}\n\n" for payload in payloads)
    assert Reception({}, key="").feed(body.encode()) == [TextDelta("ab"), TextDelta("c")]

from __future__ import annotations

import json
from typing import Any

import pytest

from conversations.upstream.body.chunks import Chunk, Usage, parse
from conversations.upstream.json_text import BadJSONError


def choice(**fields: Any) -> str:
    return json.dumps({"choices": [{"index": 0, **fields}]})


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        (choice(delta={"content": "a"}), "a"),
        (choice(message={"content": "a"}), "a"),
        (choice(delta={"role": "assistant"}), ""),
        (choice(delta={"content": None}), ""),
        (choice(delta=None), ""),
        (choice(), ""),
        ('{"choices": null}', ""),
        ('{"choices": []}', ""),
        ('{"choices": [null, 3]}', ""),
        ('{"choices": {"delta": {"content": "a"}}}', "a"),
        ('{"choices": [{"delta": {"content": "a"}}]}', "a"),
        ('{"choices": [{"index": null, "delta": {"content": "a"}}]}', "a"),
        ('{"choices": [{"index": 1, "delta": {"content": "b"}}]}', ""),
        (
            (
                '{"choices": [{"index": 1, "delta": {"content": "b"}},'
                ' {"index": 0, "delta": {"content": "a"}}]}'
            ),
            "a",
        ),
        ('{"choices": [{"index": [], "delta": {"content": "a"}}]}', ""),
        (choice(delta={"content": 42}), "42"),
        (choice(delta={"content": True}), ""),
        (choice(delta={"content": {"text": "a"}}), "a"),
        (choice(delta={"content": ["a", {"type": "text", "text": "b"}, None, {}]}), "ab"),
        (choice(delta={"content": [{"type": "text", "text": {"value": "a"}}]}), "a"),
        (choice(delta={"refusal": "I cannot"}), "I cannot"),
        (choice(delta={"tool_calls": [{"index": 0, "function": {"arguments": "{"}}]}), ""),
        (choice(delta={"content": "a\tb"}).replace("\\t", "\t"), "a\tb"),
        (choice(delta={"content": "a"}, logprobs=float("nan")), "a"),
    ],
)
def test_text(payload: str, text: str) -> None:
    chunk = parse(payload)
    assert chunk.text == text
    assert chunk.error is None


@pytest.mark.parametrize(
    "delta",
    [
        {"reasoning_content": "r"},
        {"reasoning": "r", "content": ""},
        {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "r"}]}]},
        {"content": [{"type": "thinking", "thinking": "r"}]},
    ],
)
def test_reasoning(delta: dict[str, Any]) -> None:
    chunk = parse(choice(delta=delta))
    assert (chunk.reasoning, chunk.text) == ("r", "")


def test_usage_without_choices() -> None:
    chunk = parse(
        json.dumps(
            {
                "usage": {
                    "prompt_tokens": 1,
                    "completion_tokens": 2.0,
                    "total_tokens": 3,
                    "completion_tokens_details": {"reasoning_tokens": 4},
                    "prompt_tokens_details": {"cached_tokens": 5},
                }
            }
        )
    )
    assert chunk == Chunk(usage=Usage(prompt=1, completion=2, total=3, reasoning=4, cached=5))


@pytest.mark.parametrize("usage", [None, {}, [], "12", 3])
def test_no_usage(usage: object) -> None:
    assert parse(json.dumps({"choices": [], "usage": usage})).usage is None


@pytest.mark.parametrize("count", [-1, "7", None, True, 1e300, 2**31, {}])
def test_odd_counts_are_no_counts(count: object) -> None:
    usage = parse(json.dumps({"usage": {"prompt_tokens": count}})).usage
    assert usage == Usage()


def test_labels() -> None:
    chunk = parse('{"id": "a\\u0000b", "model": 3, "created": 17, "choices": []}')
    assert (chunk.id, chunk.model, chunk.created) == ("ab", "", 17)
    assert parse(choice(finish_reason="weird")).finish_reason == "weird"
    assert parse(choice(finish_reason="")).finish_reason is None
    assert parse(choice(finish_reason=5)).finish_reason is None


@pytest.mark.parametrize(
    "payload",
    [
        '{"error": {"message": "no"}}',
        '{"error": "no"}',
        '{"error": {"message": "no"}, "choices": []}',
        '{"detail": "no"}',
        '{"object": "error", "message": "no", "code": 400}',
        '"upstream unavailable"',
        '[{"error": {"message": "no"}}]',
    ],
)
def test_errors(payload: str) -> None:
    assert parse(payload).error


@pytest.mark.parametrize(
    "payload", ['{"error": null, "choices": []}', '{"error": {}}', "null", "5", "[]", '""', "{}"]
)
def test_no_errors(payload: str) -> None:
    assert parse(payload).error is None


@pytest.mark.parametrize("payload", ["", "{", "hello", "[" * 100_000, '{"a":' * 5_000 + "1"])
def test_bad_chunks(payload: str) -> None:
    with pytest.raises(BadJSONError):
        parse(payload)


def test_deep_nesting_that_closes() -> None:
    with pytest.raises(BadJSONError):
        parse('{"choices": ' + "[" * 50_000 + "]" * 50_000 + "}")


def test_lone_surrogates_pass_for_the_cleaner_to_join() -> None:
    assert parse('{"choices": [{"delta": {"content": "\\ud83d"}}]}').text == "\ud83d"

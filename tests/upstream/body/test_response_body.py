"""Oddities of upstreams, as whole bodies."""

from __future__ import annotations

import pytest

from conversations.upstream.answer.answer import ReasoningPart, TextPart
from conversations.upstream.body.sse import MAX_LINE_BYTES
from conversations.upstream.errors import ErrorKind
from tests.upstream.body.receive import Received, receive, stream


def delta(text: str, finish: str = "null", index: int = 0) -> str:
    return (
        f'{{"choices": [{{"index": {index}, "delta": {{"content": "{text}"}},'
        f' "finish_reason": {finish}}}]}}'
    )


END = '{"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}'


def read(body: bytes) -> Received:
    received = receive([body])
    singly = receive([body[at : at + 1] for at in range(len(body))])
    assert singly.answer.parts == received.answer.parts
    assert singly.facts.__dict__ == received.facts.__dict__
    return received


@pytest.mark.parametrize(
    "body",
    [
        stream(delta("a"), delta("b"), END, "[DONE]"),
        stream(delta("a"), delta("b"), END),
        stream(delta("a"), delta("b"), "[DONE]"),
        stream(delta("a"), delta("b", '"stop"'), delta(""), "[DONE]"),
        stream(delta("a"), delta("x", index=1), delta("b"), delta("y", '"length"', 1), END),
        stream(delta("a"), "not json", delta("b"), END),
        stream(delta("a"), '{"type": "ping"}', "[]", "null", delta("b"), END),
        stream(delta("a"), delta("b"), END, "[DONE]", delta("late"), '{"error": "late"}'),
        stream(delta("a"), delta("b"), END, '{"error": "late"}'),
        stream("", delta("a"), " ", delta("b"), END),
        b"\n\n\r\n" + stream(delta("a"), delta("b"), END),
        b"\xef\xbb\xbf" + stream(delta("a"), delta("b"), END),
        b": hello\n\nretry: 1\n\n" + stream(delta("a"), delta("b"), END),
        stream(delta("a"), delta("b"), END).replace(b"\n\n", b"\n"),
        stream(delta("a"), delta("b"), END).rstrip(b"\n"),
        stream(delta("a"), "[" * 100_000, delta("b"), END),
        b'{"choices": [{"message": {"content": "ab"}, "finish_reason": "stop"}]}',
        b'\xef\xbb\xbf \n{"choices": [{"message": {"content": "ab"}}]}\n',
    ],
)
def test_text(body: bytes) -> None:
    received = receive([body])
    assert received.error is None
    assert received.answer.parts == (TextPart("ab"),)
    assert received.is_complete


def test_characters_and_escapes_cut_anywhere() -> None:
    body = stream(
        delta("\u2028\u0085漢"), delta("\\ud83d\\ude00"), delta("\\ud83d"), delta("\\ude00"), END
    )
    assert read(body).answer.text == "\u2028\u0085漢😀😀"


def test_what_cannot_be_stored_is_replaced() -> None:
    body = stream(delta("a\\u0000b"), delta("\\ud83d"), delta("c"), delta("\\ud83d"), END)
    assert read(body).answer.text == "ab\ufffdc\ufffd"
    assert read(stream(delta("a")).replace(b'"a"', b'"\xff"')).answer.text == "\ufffd"


def test_last_usage_wins() -> None:
    usage = '{{"choices": [], "usage": {{"total_tokens": {}}}}}'
    received = read(stream(delta("a"), usage.format(1), END, usage.format(3), "[DONE]"))
    assert received.facts.usage is not None
    assert received.facts.usage.total == 3


def test_reasoning_comes_first() -> None:
    both = '{"choices": [{"delta": {"reasoning_content": "r", "content": "a"}}]}'
    assert read(stream(both, END)).answer.parts == (ReasoningPart("r"), TextPart("a"))


def test_a_null_after_the_finish_reason_takes_nothing_back() -> None:
    received = read(stream(delta("a", '"length"'), delta(""), delta("", '""')))
    assert (received.facts.finish_reason, received.is_complete) == ("length", True)


def test_unknown_finish_reason_is_kept() -> None:
    assert read(stream(delta("a", '"weird"'))).facts.finish_reason == "weird"


@pytest.mark.parametrize("tail", ["", 'data: {"choices": [{"del', "data: ", "da"])
def test_cut_stream_is_incomplete_and_keeps_its_text(tail: str) -> None:
    received = read(stream(delta("a"), delta("b")) + tail.encode())
    assert received.error is None
    assert not received.is_complete
    assert received.answer.text == "ab"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (stream('{"error": {"message": "x", "code": "rate_limit_exceeded"}}'),
         ErrorKind.RATE_LIMITED),
        (stream('{"error": "upstream unavailable"}'), ErrorKind.UPSTREAM_BROKEN),
        (stream('"upstream unavailable"'), ErrorKind.UPSTREAM_BROKEN),
        (stream("Internal Server Error"), ErrorKind.BAD_STREAM),
        (b'event: error\ndata: {"code": 1}\n\n', ErrorKind.BAD_STREAM),
        (b"event: error\ndata: too many requests\n\n", ErrorKind.RATE_LIMITED),
        (stream('{"choices": [{"del'), ErrorKind.BAD_STREAM),
        (stream('{"choices": []}'), ErrorKind.BAD_STREAM),
        (stream(END, "[DONE]"), ErrorKind.EMPTY_ANSWER),
        (stream("[DONE]"), ErrorKind.EMPTY_ANSWER),
        (stream(delta(" "), END), ErrorKind.EMPTY_ANSWER),
        (stream(delta("", '"content_filter"')), ErrorKind.REFUSED_BY_POLICY),
        (b"", ErrorKind.EMPTY_ANSWER),
        (b"\n \n", ErrorKind.EMPTY_ANSWER),
        (b": nothing\n\n", ErrorKind.BAD_STREAM),
        (b"retry: 100\n\n", ErrorKind.BAD_STREAM),
        (b"Hello", ErrorKind.NOT_AN_API),
        (b"<html><title>Hi</title></html>", ErrorKind.NOT_AN_API),
        (b'{"hello": 1}', ErrorKind.NOT_AN_API),
        (b'{"choices": [', ErrorKind.BAD_STREAM),
        (b"[" * 100_000, ErrorKind.BAD_STREAM),
        (b'{"error": {"message": "no such model"}}', ErrorKind.MODEL_UNKNOWN),
        (b'"upstream unavailable"', ErrorKind.UPSTREAM_BROKEN),
        (b'{"choices": null}', ErrorKind.EMPTY_ANSWER),
    ],
)  # fmt: skip
def test_never_an_empty_answer(body: bytes, kind: ErrorKind) -> None:
    for received in (receive([body]), receive([body[:1], body[1:3], body[3:]])):
        assert received.error is not None
        assert received.error.kind is kind
        assert received.answer.is_empty


@pytest.mark.parametrize("failure", ['{"error": "broke"}', '"broke"', "broke"])
def test_error_after_text_keeps_the_text(failure: str) -> None:
    received = read(stream(delta("a"), failure))
    assert received.answer.text == "a"
    assert received.error is not None
    assert received.error.detail == "broke"


def test_huge_line_is_too_large_and_keeps_the_text() -> None:
    piece = b"x" * (1024 * 1024)
    received = receive([stream(delta("a")), b"data: ", *[piece] * 33])
    assert received.answer.text == "a"
    assert received.error is not None
    assert received.error.kind is ErrorKind.TOO_LARGE


def test_a_line_just_below_the_limit_is_read() -> None:
    padding = b'{"choices": [], "padding": "' + b"x" * (MAX_LINE_BYTES - 1024) + b'"}'
    received = receive([stream(delta("a")), b"data: " + padding + b"\n\n", stream(END)])
    assert (received.answer.text, received.is_complete, received.error) == ("a", True, None)


def test_huge_document_is_too_large() -> None:
    received = receive([b"{", *[b" " * 1024 * 1024] * (MAX_LINE_BYTES // 2**20 + 1)])
    assert received.error is not None
    assert received.error.kind is ErrorKind.TOO_LARGE

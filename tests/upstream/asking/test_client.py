"""Requests of the client and its parsing of responses, over real sockets."""

from __future__ import annotations

import gzip
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import brotli
import pytest

from conversations.upstream.answer.answer import ReasoningPart, TextPart
from conversations.upstream.endpoint import Endpoint, Timers
from conversations.upstream.errors import ErrorKind
from tests.fakes import behaviours
from tests.fakes.upstream import FakeUpstream
from tests.upstream.body.receive import stream
from tests.upstream.captured import ANSWERS, CALLS, ERRORS, INDEX
from tests.upstream.conftest import KEY, MESSAGES, Asked

Ask = Callable[..., Awaitable[Asked]]
CHUNK = '{"choices": [{"delta": {"content": "漢字"}, "finish_reason": "stop"}]}'


async def test_a_streamed_answer(ask: Ask, fake_upstream: FakeUpstream) -> None:
    fake_upstream.say("Hello", " world", reasoning=["Let", " me"])
    asked = await ask()
    assert asked.error is None
    assert asked.answer.parts == (ReasoningPart("Let me"), TextPart("Hello world"))
    outcome = asked.outcome
    assert (outcome.finish_reason, outcome.is_complete) == ("stop", True)
    assert outcome.usage is not None
    assert outcome.usage.total == 22
    assert (outcome.request_id, outcome.response_id) == ("req-fake", "chatcmpl-fake")
    assert (outcome.model, outcome.created) == ("gpt-5", 1700000000)
    assert (outcome.retries, outcome.refused_stream_options) == (0, False)
    assert outcome.bytes_received > 100


async def test_the_request_is_the_documented_one(ask: Ask, fake_upstream: FakeUpstream) -> None:
    await ask()
    await ask(stream=False)
    streamed, plain = fake_upstream.requests
    assert (streamed.method, streamed.path) == ("POST", "/v1/chat/completions")
    assert streamed.headers["content-type"] == "application/json"
    assert streamed.headers["accept-encoding"] == "identity"
    assert streamed.json == {
        "model": "gpt-5",
        "messages": MESSAGES,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    assert plain.json == {"model": "gpt-5", "messages": MESSAGES}


@pytest.mark.parametrize(
    ("style", "header"),
    [("x-api-key", ["x-api-key", KEY]), ("bearer", ["authorization", f"Bearer {KEY}"])],
)
async def test_exactly_one_header_carries_the_key(
    ask: Ask, fake_upstream: FakeUpstream, endpoint: Endpoint, style: Any, header: list[str]
) -> None:
    fake_upstream.key, fake_upstream.auth = KEY, style
    asked = await ask(endpoint=replace(endpoint, auth_style=style))
    assert asked.error is None
    [request] = fake_upstream.requests
    assert request.headers[header[0]] == header[1]
    assert str(request.headers).count(KEY) == 1
    assert len({"x-api-key", "authorization"} & set(request.headers)) == 1


@pytest.mark.parametrize("stream_asked", [True, False])
async def test_a_key_of_the_wrong_style_is_refused(
    ask: Ask, fake_upstream: FakeUpstream, stream_asked: bool
) -> None:
    fake_upstream.key, fake_upstream.auth = KEY, "bearer"
    asked = await ask(stream=stream_asked)
    assert asked.failure.kind is ErrorKind.KEY_REFUSED
    assert len(fake_upstream.requests) == 1


async def test_keys_are_nowhere_to_be_seen(
    ask: Ask, fake_upstream: FakeUpstream, endpoint: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    fake_upstream.fail(401, f"Incorrect API key provided: {KEY}")
    asked = await ask()
    texts = [repr(endpoint), str(endpoint), repr(asked.error), str(asked.error), caplog.text]
    texts += [str(vars(asked.failure)), repr(asked.outcome)]
    assert not [text for text in texts if KEY in text or KEY[:10] in text]


async def test_no_cookie_is_kept(ask: Ask, fake_upstream: FakeUpstream) -> None:
    cookie = {"set-cookie": "session=of-alice; Path=/"}
    fake_upstream.script(behaviours.body(stream(CHUNK), headers=cookie))
    await ask()
    await ask()
    assert "cookie" not in fake_upstream.requests[1].headers


@pytest.mark.parametrize("name", INDEX)
async def test_captures(ask: Ask, fake_upstream: FakeUpstream, name: str) -> None:
    fake_upstream.replay(name)
    asked = await ask(stream=INDEX[name]["stream_asked"], max_retries=0)
    if name in ERRORS:
        assert asked.failure.kind == ERRORS[name]
    elif name in CALLS:
        assert asked.error is None
        assert [call.name for call in asked.answer.open_calls] == [CALLS[name][0]]
        assert asked.outcome.finish_reason == "tool_calls"
    else:
        text, finish_reason, _ = ANSWERS[name]
        assert asked.error is None
        assert asked.text == text
        assert asked.outcome.finish_reason == finish_reason
        assert asked.outcome.is_complete == (finish_reason is not None)


PLAIN = CHUNK.replace("delta", "message").encode()


@pytest.mark.parametrize("asks_stream", [True, False])
@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (stream(CHUNK, "[DONE]"), "text/event-stream"),
        (stream(CHUNK, "[DONE]"), "application/json"),
        (stream(CHUNK, "[DONE]"), "text/html"),
        (stream(CHUNK, "[DONE]"), ""),
        (PLAIN, "application/json"),
        (PLAIN, "text/event-stream"),
        (PLAIN, "text/plain; charset=latin-1"),
    ],
)
async def test_the_form_is_told_by_the_body(
    ask: Ask, fake_upstream: FakeUpstream, asks_stream: bool, content: bytes, content_type: str
) -> None:
    fake_upstream.script(behaviours.body(content, content_type=content_type))
    asked = await ask(stream=asks_stream)
    assert (asked.error, asked.text) == (None, "漢字")
    assert asked.outcome.is_complete


@pytest.mark.parametrize("content", [stream(CHUNK, "[DONE]"), PLAIN])
async def test_gzip_is_understood(ask: Ask, fake_upstream: FakeUpstream, content: bytes) -> None:
    packed = gzip.compress(content)
    pieces = [packed[:7], packed[7:20], packed[20:]]
    fake_upstream.script(behaviours.body(*pieces, headers={"content-encoding": "gzip"}))
    assert (await ask()).text == "漢字"


async def test_broken_gzip_is_a_bad_stream(ask: Ask, fake_upstream: FakeUpstream) -> None:
    packed = behaviours.body(b"not gzip at all", headers={"content-encoding": "gzip"})
    fake_upstream.script(packed)
    assert (await ask()).failure.kind is ErrorKind.BAD_STREAM


async def test_single_bytes(ask: Ask, fake_upstream: FakeUpstream) -> None:
    content = stream(CHUNK, "[DONE]")
    pieces = [content[at : at + 1] for at in range(len(content))]
    fake_upstream.script(behaviours.body(*pieces, delay=0))
    assert (await ask()).text == "漢字"


async def test_nothing_after_the_end_is_read(ask: Ask, fake_upstream: FakeUpstream) -> None:
    async def behave(reply: Any) -> None:
        await reply.start()
        await reply.event(CHUNK)
        await reply.event("[DONE]")
        await reply.event(CHUNK)
        await reply.connection.gone.wait()

    fake_upstream.script(behave)
    asked = await ask()
    assert asked.text == "漢字"
    assert fake_upstream.requests[0].wait_closed()


@pytest.mark.parametrize("ends", [True, False])
async def test_a_cut_stream_is_incomplete(
    ask: Ask, fake_upstream: FakeUpstream, ends: bool
) -> None:
    chunk = CHUNK.replace('"stop"', "null")
    fake_upstream.script(behaviours.body(stream(chunk), b"data: {", ends=ends))
    asked = await ask()
    assert (asked.error, asked.text) == (None, "漢字")
    assert not asked.outcome.is_complete
    assert len(fake_upstream.requests) == 1


async def test_a_reset_after_text_is_incomplete_too(ask: Ask, fake_upstream: FakeUpstream) -> None:
    fake_upstream.script(behaviours.reset("a", "b"))
    asked = await ask()
    assert (asked.error, asked.text, asked.outcome.is_complete) == (None, "ab", False)
    assert len(fake_upstream.requests) == 1


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (behaviours.page(), "html"),
        (behaviours.page(404), "html"),
        (behaviours.redirect("https://elsewhere.example/v1/chat/completions"), "redirect"),
        (behaviours.redirect("/login", 302), "redirect"),
        (behaviours.fail(404, {"detail": "Not Found"}), "not_found"),
        (behaviours.fail(200, {"hello": 1}), "json"),
        (behaviours.fail(200, b"It works", content_type="text/plain"), "text"),
    ],
)
async def test_what_is_no_api(
    ask: Ask, fake_upstream: FakeUpstream, behaviour: Any, reason: str
) -> None:
    fake_upstream.script(behaviour)
    asked = await ask()
    assert asked.failure.kind is ErrorKind.NOT_AN_API
    assert asked.failure.reason == reason
    assert len(fake_upstream.requests) == 1


@pytest.mark.parametrize("status", [200, 204])
async def test_nothing_with_a_good_status(
    ask: Ask, fake_upstream: FakeUpstream, status: int
) -> None:
    fake_upstream.script(behaviours.fail(status, b""))
    assert (await ask()).failure.kind is ErrorKind.EMPTY_ANSWER


async def test_text_before_an_error_in_one_packet_is_kept(
    ask: Ask, fake_upstream: FakeUpstream
) -> None:
    content = stream(CHUNK.replace('"stop"', "null"), '{"error": {"message": "overloaded"}}')
    fake_upstream.script(behaviours.body(content))
    asked = await ask()
    assert asked.text == "漢字"
    assert asked.failure.kind is ErrorKind.UPSTREAM_BROKEN
    assert asked.failure.detail == "overloaded"
    assert len(fake_upstream.requests) == 1


async def test_connections_are_used_again(ask: Ask, fake_upstream: FakeUpstream) -> None:
    for _ in range(5):
        await ask()
    assert fake_upstream.accepted == 1


async def test_a_gzip_bomb_is_too_large(ask: Ask, fake_upstream: FakeUpstream) -> None:
    packed = gzip.compress(b"{" + b" " * (64 * 1024 * 1024))
    pieces = [packed[at : at + 4096] for at in range(0, len(packed), 4096)]
    bomb = behaviours.body(*pieces, headers={"content-encoding": "gzip"}, delay=0)
    fake_upstream.script(bomb)
    asked = await ask()
    assert asked.failure.kind is ErrorKind.TOO_LARGE
    assert asked.outcome.bytes_received < 48 * 1024 * 1024


async def test_a_bomb_of_comments_leaves_the_loop_to_others(
    ask: Ask, fake_upstream: FakeUpstream
) -> None:
    """It unpacks to nothing that a limit counts; the timers end it all the same."""
    packed = brotli.compress(b": comment\n\n" * 20_000_000, quality=1)
    bomb = behaviours.body(packed, headers={"content-encoding": "br"}, ends=False)
    fake_upstream.script(bomb)
    asked = await ask(timers=Timers(first=0.2), max_retries=0)
    assert asked.failure.kind is ErrorKind.TIMED_OUT


async def test_an_encoding_that_is_none_is_ignored(ask: Ask, fake_upstream: FakeUpstream) -> None:
    headers = {"content-encoding": "utf-8"}
    fake_upstream.script(behaviours.body(stream(CHUNK, "[DONE]"), headers=headers))
    assert (await ask()).text == "漢字"

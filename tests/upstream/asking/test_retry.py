"""Retries: for which errors, when, and never after the first delta."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from conversations.upstream.asking.retry import next_retry
from conversations.upstream.endpoint import Endpoint, Timers
from conversations.upstream.errors import ErrorKind, UpstreamError
from tests.fakes import behaviours
from tests.fakes.upstream import FakeUpstream
from tests.upstream.body.receive import stream
from tests.upstream.conftest import KEY, Asked

Ask = Callable[..., Awaitable[Asked]]


@pytest.mark.parametrize(
    "behaviour",
    [
        behaviours.fail(503),
        behaviours.fail(429),
        behaviours.fail(408),
        behaviours.fail(409),
        behaviours.reset(),
        behaviours.raw(b""),
        behaviours.raw(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n"),
        behaviours.body(stream('{"error": {"message": "overloaded", "code": 503}}')),
        behaviours.body(b": hello\n\n", ends=False),
    ],
)
async def test_an_error_before_the_first_delta_is_retried(
    ask: Ask, fake_upstream: FakeUpstream, behaviour: Any
) -> None:
    fake_upstream.script(behaviour)
    fake_upstream.say("Hello")
    asked = await ask()
    assert (asked.error, asked.text, asked.outcome.retries) == (None, "Hello", 1)
    assert len(fake_upstream.requests) == 2
    [retry] = asked.retries
    assert 0.37 <= retry.wait <= 0.5
    first, second = fake_upstream.requests
    assert second.time - first.time >= retry.wait
    assert first.json == second.json


async def test_there_are_at_most_two_retries_with_doubling_waits(
    ask: Ask, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.default = behaviours.fail(500, "still broken")
    asked = await ask()
    assert asked.failure.kind is ErrorKind.UPSTREAM_BROKEN
    assert asked.failure.detail == "still broken"
    assert len(fake_upstream.requests) == 3
    assert [retry.number for retry in asked.retries] == [1, 2]
    assert 0.74 <= asked.retries[1].wait <= 1.0
    assert asked.outcome.retries == 2


@pytest.mark.parametrize(
    "behaviour",
    [
        behaviours.fail(400),
        behaviours.fail(401),
        behaviours.fail(403),
        behaviours.fail(404),
        behaviours.fail(429, {"error": {"message": "x", "code": "insufficient_quota"}}),
        behaviours.fail(429, headers={"retry-after": "21"}),
        behaviours.body(b""),
        behaviours.body(stream("[DONE]")),
        behaviours.body(stream("nonsense")),
    ],
)
async def test_other_errors_are_not_retried(
    ask: Ask, fake_upstream: FakeUpstream, behaviour: Any
) -> None:
    fake_upstream.script(behaviour)
    asked = await ask(stream=False)
    assert asked.error is not None
    assert asked.retries == []
    assert len(fake_upstream.requests) == 1


async def test_nothing_is_retried_after_the_first_delta(
    ask: Ask, fake_upstream: FakeUpstream
) -> None:
    error = '{"error": {"message": "overloaded", "code": 503}}'
    thought = '{"choices": [{"delta": {"reasoning_content": "hm"}}]}'
    fake_upstream.script(behaviours.body(stream(thought), stream(error)))
    asked = await ask()
    assert asked.answer.reasoning == "hm"
    assert asked.failure.kind is ErrorKind.UPSTREAM_BROKEN
    assert len(fake_upstream.requests) == 1


@pytest.mark.parametrize(
    ("headers", "wait"), [({"retry-after": "0.2"}, 0.2), ({"retry-after-ms": "150"}, 0.15)]
)
async def test_retry_after_is_obeyed(
    ask: Ask, fake_upstream: FakeUpstream, headers: dict[str, str], wait: float
) -> None:
    fake_upstream.fail(429, headers=headers)
    asked = await ask()
    assert asked.error is None
    assert [retry.wait for retry in asked.retries] == [wait]
    first, second = fake_upstream.requests
    assert wait <= second.time - first.time < wait + 0.2


async def test_a_long_retry_after_is_reported_and_not_waited_for(
    ask: Ask, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.fail(429, headers={"retry-after": "60"})
    failure = (await ask()).failure
    assert (failure.kind, failure.retry_after) == (ErrorKind.RATE_LIMITED, 60)


def test_twenty_seconds_are_obeyed() -> None:
    error = UpstreamError(ErrorKind.RATE_LIMITED, status=429, retry_after=20.0)
    retry = next_retry(error, done=0, limit=2)
    assert retry is not None
    assert retry.wait == 20


async def test_a_wait_longer_than_the_whole_timer_is_not_begun(
    ask: Ask, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.fail(429, headers={"retry-after": "10"})
    asked = await ask(timers=Timers(whole=2))
    assert asked.failure.kind is ErrorKind.RATE_LIMITED
    assert asked.retries == []


async def test_a_port_without_a_server_is_retried(ask: Ask, fake_upstream: FakeUpstream) -> None:
    nowhere = Endpoint("http://127.0.0.1:9", KEY, guard=False)
    asked = await ask(endpoint=nowhere)
    assert asked.failure.kind is ErrorKind.UNREACHABLE
    assert asked.outcome.retries == 2


async def test_a_pooled_connection_that_dies_is_replaced_at_once(
    ask: Ask, fake_upstream: FakeUpstream
) -> None:
    await ask()
    fake_upstream.script(behaviours.reset())
    asked = await ask()
    assert (asked.error, asked.text) == (None, "You said: Hello")
    assert [retry.wait for retry in asked.retries] == [0]
    assert fake_upstream.accepted == 2


@pytest.mark.parametrize(
    "behaviour",
    [
        behaviours.reset(),
        behaviours.raw(b""),
        behaviours.raw(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n"),
        behaviours.fail(408),
        behaviours.fail(502),
        behaviours.fail(504),
        behaviours.fail(524),
    ],
)
@pytest.mark.parametrize("is_pooled", [False, True])
async def test_an_image_request_that_may_have_run_is_not_retried(
    ask: Ask, fake_upstream: FakeUpstream, behaviour: Any, *, is_pooled: bool
) -> None:
    if is_pooled:
        await ask()
    before = len(fake_upstream.requests)
    fake_upstream.script(behaviour)
    asked = await ask(image=True)
    assert asked.error is not None
    assert asked.retries == []
    assert len(fake_upstream.requests) == before + 1


@pytest.mark.parametrize("status", [409, 429, 500, 503])
async def test_an_image_request_that_was_refused_is_retried(
    ask: Ask, fake_upstream: FakeUpstream, status: int
) -> None:
    fake_upstream.fail(status)
    asked = await ask(image=True)
    assert (asked.error, asked.outcome.retries) == (None, 1)


async def test_an_image_request_that_was_not_sent_is_retried(
    ask: Ask, fake_upstream: FakeUpstream
) -> None:
    nowhere = Endpoint("http://127.0.0.1:9", KEY, guard=False)
    asked = await ask(endpoint=nowhere, image=True)
    assert asked.outcome.retries == 2
    await ask()
    fake_upstream.drop_idle_connections()
    assert fake_upstream.requests[0].wait_closed()
    await asyncio.sleep(0.05)  # until the end has arrived here
    assert (await ask(image=True)).error is None


async def test_an_idle_connection_the_server_closed_costs_nothing(
    ask: Ask, fake_upstream: FakeUpstream
) -> None:
    await ask()
    fake_upstream.drop_idle_connections()
    assert fake_upstream.requests[0].wait_closed()
    asked = await ask()
    assert (asked.error, asked.text) == (None, "You said: Hello")


@pytest.mark.parametrize("status", [400, 422])
async def test_stream_options_that_are_refused_are_left_out(
    ask: Ask, fake_upstream: FakeUpstream, status: int
) -> None:
    fake_upstream.fail(status, "Unknown parameter: 'stream_options'.")
    fake_upstream.say("Hello")
    asked = await ask()
    assert (asked.error, asked.text) == (None, "Hello")
    assert asked.outcome.refused_stream_options
    assert asked.outcome.retries == 0
    first, second = fake_upstream.bodies
    assert first.pop("stream_options") == {"include_usage": True}
    assert first == second


async def test_a_refusal_for_another_reason_blames_no_stream_options(
    ask: Ask, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.default = behaviours.fail(400, "Something is not supported")
    asked = await ask()
    assert asked.failure.detail == "Something is not supported"
    assert not asked.outcome.refused_stream_options
    assert len(fake_upstream.requests) == 2


async def test_a_refused_parameter_is_not_retried_without_stream_options(
    ask: Ask, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.default = behaviours.fail(400, "temperature is not supported")
    asked = await ask()
    assert asked.failure.kind is ErrorKind.PARAMETER_REFUSED
    assert len(fake_upstream.requests) == 1


async def test_a_refusal_with_a_reason_is_not_retried(
    ask: Ask, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.replay("llamacpp-err-context-json")
    assert (await ask()).failure.kind is ErrorKind.CONTEXT_TOO_LONG
    assert len(fake_upstream.requests) == 1


TOOL = {"type": "function", "function": {"name": "f"}}


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "Unsupported parameter: 'tools' is not supported with this model."),
        (400, "registry.ollama.ai/library/gemma:2b does not support tools"),
        (404, "No endpoints found that support tool use."),
        (400, '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser'),
        (422, "该模型不支持工具调用"),
    ],
)
async def test_tools_that_a_model_refuses_are_left_out(
    ask: Ask, fake_upstream: FakeUpstream, status: int, words: str
) -> None:
    fake_upstream.fail(status, words)
    fake_upstream.say("Hello")
    asked = await ask(tools=[TOOL])
    assert (asked.error, asked.text, asked.outcome.refused_tools) == (None, "Hello", True)
    first, second = fake_upstream.bodies
    assert first.pop("tools") == [TOOL]
    assert first == second


@pytest.mark.parametrize(
    "words", ["Invalid 'tools[3].function.name': string too long", "temperature is not supported"]
)
async def test_a_fault_of_one_tool_does_not_mean_that_a_model_calls_none(
    ask: Ask, fake_upstream: FakeUpstream, words: str
) -> None:
    fake_upstream.default = behaviours.fail(400, words)
    asked = await ask(tools=[TOOL])
    assert asked.failure.status == 400
    assert not asked.outcome.refused_tools
    assert all(body["tools"] for body in fake_upstream.bodies)


async def test_tools_that_must_be_called_are_not_left_out(
    ask: Ask, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.default = behaviours.fail(400, "This model does not support tools")
    asked = await ask(tools=[TOOL], tool_choice="required")
    assert asked.failure.status == 400
    assert all(body["tools"] for body in fake_upstream.bodies)


async def test_stream_options_are_not_sent_once_refused(
    ask: Ask, fake_upstream: FakeUpstream, endpoint: Endpoint
) -> None:
    await ask(endpoint=replace(endpoint, stream_options=False))
    assert "stream_options" not in fake_upstream.bodies[0]

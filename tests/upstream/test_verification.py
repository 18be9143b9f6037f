from __future__ import annotations

import asyncio
from typing import Any

import pytest

from conversations.upstream.asking.client import Client
from conversations.upstream.endpoint import Endpoint, Timers
from conversations.upstream.verification import VerificationKind, verify
from tests.fakes import behaviours
from tests.fakes.reply import Reply
from tests.fakes.upstream import FakeUpstream
from tests.upstream.body.receive import stream
from tests.upstream.conftest import KEY


async def test_it_is_the_documents_test_script(
    client: Client, endpoint: Endpoint, fake_upstream: FakeUpstream
) -> None:
    result = await verify(client, endpoint, "gpt-5.4")
    assert (result.kind, result.model, result.detail) == (VerificationKind.OK, "gpt-5.4", "")
    assert result.key_works
    assert fake_upstream.bodies == [
        {
            "model": "gpt-5.4",
            "messages": [{"role": "user", "content": "Hello, how are you?"}],
            "max_tokens": 1024,
            "temperature": 0.7,
        }
    ]


async def test_it_tells_how_long_the_answer_took(
    client: Client, endpoint: Endpoint, fake_upstream: FakeUpstream
) -> None:
    async def behave(reply: Reply) -> None:
        await asyncio.sleep(0.05)
        await behaviours.say("Hello")(reply)

    fake_upstream.script(behave)
    assert (await verify(client, endpoint, "gpt-5.4")).elapsed_ms >= 50


@pytest.mark.parametrize(
    "behaviour",
    [
        behaviours.replay("llmock-text"),
        behaviours.replay("mockllm-json-toolcall"),
        behaviours.replay("mockllm-image-images"),
        behaviours.say("", finish="length"),
        behaviours.body(stream('{"choices": [{"delta": {"content": "Hi"}}]}')),
    ],
)
async def test_any_documented_answer_passes(
    client: Client, endpoint: Endpoint, fake_upstream: FakeUpstream, behaviour: Any
) -> None:
    fake_upstream.script(behaviour)
    assert (await verify(client, endpoint, "m")).kind is VerificationKind.OK


@pytest.mark.parametrize(
    ("behaviour", "kind", "website"),
    [
        (behaviours.fail(401), "key_refused", False),
        (behaviours.fail(401, "token has expired"), "key_refused", False),
        (behaviours.fail(403, {"message": "Forbidden"}), "key_refused", False),
        (behaviours.replay("litellm-err-key"), "key_refused", False),
        (behaviours.fail(403, "No access to this model"), "model_refused", False),
        (behaviours.replay("litellm-err-model"), "model_refused", False),
        (behaviours.fail(404, "The model `m` does not exist"), "model_refused", False),
        (behaviours.page(), "not_an_api", True),
        (behaviours.page(404), "not_an_api", True),
        (behaviours.fail(404, {"detail": "Not Found"}), "not_an_api", True),
        (behaviours.redirect("https://elsewhere.example/"), "not_an_api", True),
        (behaviours.fail(200, {"hello": 1}), "not_an_api", False),
        (behaviours.fail(429), "rate_limited", False),
        (behaviours.replay("litellm-err-budget"), "rate_limited", False),
        (behaviours.reset(), "unreachable", False),
        (behaviours.hang, "unreachable", False),
        (behaviours.fail(500), "other", False),
        (behaviours.fail(400, "max_tokens is not supported"), "other", False),
        (behaviours.body(b""), "other", False),
        (behaviours.replay("mockllm-json-nochoices"), "other", False),
    ],
)
async def test_failures_are_told_apart(
    client: Client, fake_upstream: FakeUpstream, behaviour: Any, kind: str, website: bool
) -> None:
    endpoint = Endpoint(fake_upstream.url, KEY, guard=False)
    fake_upstream.script(behaviour)
    result = await verify(client, endpoint, "m", timers=Timers(plain=0.5))
    assert (result.kind, result.looks_like_website) == (kind, website)
    assert result.key_works == (kind in {"model_refused", "rate_limited"})
    assert len(fake_upstream.requests) == 1
    assert KEY not in repr(result)


async def test_a_server_that_is_not_there_is_unreachable(client: Client) -> None:
    endpoint = Endpoint("http://127.0.0.1:9", KEY, guard=False)
    assert (await verify(client, endpoint, "m")).kind is VerificationKind.UNREACHABLE


async def test_an_internal_address_says_so(client: Client) -> None:
    result = await verify(client, Endpoint("https://localhost", KEY, guard=True), "m")
    assert (result.kind, result.reason) == (VerificationKind.UNREACHABLE, "not_public")

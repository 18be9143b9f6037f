"""The record of an exchange: the request, the response up to a limit, and no key."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import pytest

from conversations.upstream.asking.client import Client
from conversations.upstream.asking.exchange import Exchange
from conversations.upstream.endpoint import Endpoint, Timers
from conversations.upstream.errors import UpstreamError
from conversations.upstream.recording import MAX_BODY_BYTES, MAX_RECEIVED_BYTES
from conversations.upstream.request import ChatRequest
from tests.fakes import behaviours
from tests.fakes.upstream import FakeUpstream
from tests.upstream.body.receive import stream
from tests.upstream.conftest import KEY, MESSAGES

Account = dict[str, Any]


async def told(
    client: Client,
    endpoint: Endpoint,
    messages: Sequence[dict[str, Any]] = MESSAGES,
    *,
    limit: int = MAX_RECEIVED_BYTES,
    **options: Any,
) -> Account:
    """Make an exchange and return its record as JSON."""
    request = ChatRequest("gpt-5", messages, stream=True, **options)
    async with client.exchange(endpoint, request) as exchange:
        try:
            async for _ in exchange:
                pass
        except UpstreamError:
            pass
    account: Account = json.loads(json.dumps(exchange.recording.account(limit)))
    return account


async def test_the_request_is_exactly_what_arrived(
    client: Client, endpoint: Endpoint, fake_upstream: FakeUpstream
) -> None:
    messages = [{"role": "user", "content": 'Héllo "quoted" 你好 \\ \u2028 key-value sk-words'}]
    account = await told(client, endpoint, messages, temperature=0.5)
    [request] = fake_upstream.requests
    assert account["url"] == f"{fake_upstream.url}{request.path}"
    assert account["body"].encode() == request.body
    assert account["body_bytes"] == len(request.body)
    assert dict(account["headers"]) == {**request.headers, "x-api-key": "•••"}
    assert account["parameters"] == {
        name: value for name, value in request.json.items() if name != "messages"
    }
    assert (account["is_body_cut"], account["is_data_cut"]) == (False, False)


async def test_the_stream_is_exactly_what_came(
    client: Client, endpoint: Endpoint, fake_upstream: FakeUpstream
) -> None:
    content = stream('{"choices": [{"delta": {"content": "你好"}}]}', "[DONE]") + b": bye\n\n"
    fake_upstream.script(behaviours.body(content[:20], content[20:41], content[41:]))
    account = await told(client, endpoint)
    [trial] = account["trials"]
    assert content.decode().startswith(trial["received"])
    assert "[DONE]" in trial["received"]
    assert trial["kept_bytes"] == trial["received_bytes"]
    assert (trial["status"], trial["error"], trial["wait"]) == (200, "", None)
    assert 0 <= trial["began"] <= trial["answered"] <= trial["ended"]


async def test_each_attempt_records_why_there_was_another(
    client: Client, endpoint: Endpoint, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.fail(400, "Unknown argument: stream_options")
    fake_upstream.fail(429, "Slow down", headers={"retry-after": "0.01"})
    fake_upstream.say("Hello")
    first, second, third = (await told(client, endpoint))["trials"]
    assert (first["status"], first["wait"], first["has_stream_options"]) == (400, 0.0, True)
    assert "Unknown argument" in first["received"]
    assert (second["status"], second["error"], second["wait"]) == (429, "rate_limited", 0.01)
    assert not second["has_stream_options"]
    assert (third["status"], third["error"]) == (200, "")
    assert first["ended"] <= second["began"] <= second["ended"] <= third["began"] - 0.01


async def test_an_unreachable_server_has_no_status(client: Client) -> None:
    nowhere = Endpoint("http://127.0.0.1:1", KEY, guard=False)
    trials = (await told(client, nowhere))["trials"]
    assert [trial["error"] for trial in trials] == ["unreachable"] * 3
    assert [trial["status"] for trial in trials] == [None] * 3


async def test_an_address_that_is_refused_was_never_asked(client: Client) -> None:
    refused = Endpoint("http://127.0.0.1:1", KEY)
    account = await told(client, refused)
    assert (account["url"], account["trials"]) == ("", [])


async def test_cancelling_ends_the_record(
    client: Client, endpoint: Endpoint, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.script(behaviours.stall("So far"))
    exchanges: list[Exchange] = []

    async def read() -> None:
        request = ChatRequest("gpt-5", MESSAGES, stream=True)
        async with client.exchange(endpoint, request, Timers()) as exchange:
            exchanges.append(exchange)
            async for _ in exchange:
                reached.set()

    reached = asyncio.Event()
    reading = asyncio.create_task(read())
    await reached.wait()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    [trial] = exchanges[0].recording.account()["trials"]
    assert "So far" in trial["received"]
    assert trial["ended"] >= trial["answered"]


ECHO = f"Incorrect API key provided: {KEY}. Was it {KEY[:9]}***{KEY[-4:]}?"


@pytest.mark.parametrize(
    "behaviour",
    [
        behaviours.fail(401, ECHO),
        behaviours.fail(500, ECHO.encode(), content_type="text/plain"),
        behaviours.body(stream(json.dumps({"error": {"message": ECHO}}))),
        behaviours.body(stream(json.dumps({"choices": [{"delta": {"content": ECHO}}]}))),
        behaviours.body(*(bytes([byte]) for byte in stream(json.dumps({"error": ECHO})))),
        behaviours.body(f": {KEY}\n\nevent: {KEY}\ndata: [DONE]\n\n".encode()),
    ],
)
@pytest.mark.parametrize("auth", ["x-api-key", "bearer"])
async def test_no_key_is_ever_in_it(
    client: Client, fake_upstream: FakeUpstream, behaviour: Any, auth: Any
) -> None:
    fake_upstream.script(*[behaviour] * 3)
    endpoint = Endpoint(fake_upstream.url, KEY, auth, guard=False)
    messages = [{"role": "user", "content": f"My key is {KEY}"}]
    account = await told(client, endpoint, messages)
    assert fake_upstream.bodies[0]["messages"] == messages
    kept = json.dumps(account)
    assert not any(KEY[at : at + 6] in kept for at in range(len(KEY) - 5))
    assert "•••" in account["trials"][0]["received"]


async def test_the_record_of_a_response_has_a_limit(
    client: Client, endpoint: Endpoint, fake_upstream: FakeUpstream
) -> None:
    delta = stream(json.dumps({"choices": [{"delta": {"content": "x" * 50_000}}]}))
    fake_upstream.script(behaviours.body(*[delta] * 10, stream("[DONE]")))
    account = await told(client, endpoint)
    [trial] = account["trials"]
    assert trial["kept_bytes"] == len(trial["received"]) == MAX_RECEIVED_BYTES
    assert trial["received_bytes"] > 500_000


async def test_the_limit_is_shared_by_all_attempts(
    client: Client, endpoint: Endpoint, fake_upstream: FakeUpstream
) -> None:
    for _ in range(3):
        fake_upstream.fail(503, b"x" * 300)
    trials = (await told(client, endpoint, limit=450))["trials"]
    assert [trial["kept_bytes"] for trial in trials] == [300, 150, 0]


async def test_only_the_beginning_of_an_image_is_recorded(
    client: Client, endpoint: Endpoint, fake_upstream: FakeUpstream
) -> None:
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64," + "iVBO" * 9000}}
    small = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBO"}}
    content = [{"type": "text", "text": "What is this?"}, picture, small]
    account = await told(client, endpoint, [{"role": "user", "content": content}])
    assert len(fake_upstream.requests[0].body) > 36_000
    assert account["is_data_cut"]
    kept = json.loads(account["body"])["messages"][0]["content"]
    assert (kept[0], kept[2]) == (content[0], small)
    assert kept[1]["image_url"]["url"].startswith("data:image/png;base64,iVBOiVBO")
    assert kept[1]["image_url"]["url"].endswith("… (36022 characters)")


async def test_a_body_over_the_limit_is_cut(
    client: Client, endpoint: Endpoint, fake_upstream: FakeUpstream
) -> None:
    long = "字" * MAX_BODY_BYTES
    account = await told(client, endpoint, [{"role": "user", "content": long}])
    assert account["is_body_cut"]
    assert account["body_bytes"] == len(fake_upstream.requests[0].body)
    assert MAX_BODY_BYTES - 4 < len(account["body"].encode()) < MAX_BODY_BYTES + 4

"""One request to an upstream: read, counted and recorded however it ends."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest

from conversations.database import threads
from conversations.generation import api_calls, loop
from conversations.generation.api_calls import AnswerReader, ApiCall, ApiClient, tokens_of
from conversations.upstream.answer.answer import Answer, Delta, TextDelta
from conversations.upstream.asking.client import Client
from conversations.upstream.endpoint import Endpoint, Timers
from conversations.upstream.errors import UpstreamError
from conversations.upstream.request import ChatRequest
from tests.fakes.upstream import FakeUpstream

# Recorded calls go through the threads of the database, which open no connection by themselves.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def client() -> AsyncIterator[ApiClient]:
    made = Client()
    yield ApiClient(made, Timers())
    await made.aclose()


@pytest.fixture
def call(fake_upstream: FakeUpstream) -> ApiCall:
    request = ChatRequest("gpt-5.4", [{"role": "user", "content": "Hello"}], stream=True)
    return ApiCall(request, Endpoint(fake_upstream.url, "sk-test", guard=False))


class Recorded:
    """Remembers what was written."""

    def __init__(self) -> None:
        self.calls: list[ApiCall] = []

    def write(self, call: ApiCall) -> None:
        self.calls.append(call)


async def test_a_response_is_folded_counted_and_recorded(
    client: ApiClient, call: ApiCall, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.say("Hello", " there")
    recorded = Recorded()
    await client.send(call, AnswerReader(call.answer), write=recorded.write)
    assert call.answer.text == "Hello there"
    assert call.first_delta_at
    assert call.outcome.is_complete
    assert call.recording is not None
    assert call.tokens["completion_tokens"]
    assert recorded.calls == [call]


async def test_a_request_that_fails_is_recorded_without_tokens(
    client: ApiClient, call: ApiCall, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.fail(401, "bad key")
    recorded = Recorded()
    with pytest.raises(UpstreamError, match="key_refused"):
        await client.send(call, AnswerReader(call.answer), write=recorded.write)
    assert [dict(each.tokens) for each in recorded.calls] == [{}]
    assert call.first_delta_at is None


async def test_a_response_that_is_cancelled_is_recorded_with_what_came(
    client: ApiClient, call: ApiCall, fake_upstream: FakeUpstream
) -> None:
    gate = fake_upstream.hold("So far", " so good")
    recorded, has_arrived = Recorded(), asyncio.Event()

    class Watching(AnswerReader):
        async def take(self, delta: Delta) -> None:
            await super().take(delta)
            if "good" in self._answer.text:
                has_arrived.set()

    sending = asyncio.create_task(client.send(call, Watching(call.answer), write=recorded.write))
    async with asyncio.timeout(30):
        await has_arrived.wait()
    sending.cancel()
    await asyncio.wait([sending])
    gate.release()
    assert sending.cancelled()
    [found] = recorded.calls
    assert found.tokens["is_usage_estimated"]
    assert found.tokens["completion_tokens"] > 0


async def test_what_a_reader_holds_back_is_added_at_the_end(
    client: ApiClient, call: ApiCall, fake_upstream: FakeUpstream
) -> None:
    class Holding(AnswerReader):
        held = ""

        async def take(self, delta: Delta) -> None:
            self.held += delta.text

        def release(self) -> None:
            self._answer.add(TextDelta(f"[{self.held}]"))

    fake_upstream.say("Hello", finish=None)
    await client.send(call, Holding(call.answer))
    assert call.answer.text == "[Hello]"


async def test_an_estimate_counts_only_what_this_request_brought(
    client: ApiClient, call: ApiCall, fake_upstream: FakeUpstream
) -> None:
    answer = Answer()
    answer.add(TextDelta("word " * 400))
    second = ApiCall(call.request, call.endpoint, answer)
    fake_upstream.say("Hello", usage=False)
    await client.send(second, AnswerReader(answer))
    assert second.tokens["completion_tokens"] < 5
    assert second.tokens["is_usage_estimated"]


def test_without_a_delta_there_are_no_tokens(call: ApiCall) -> None:
    assert tokens_of(call) == {}


async def test_a_record_is_not_undone_by_a_stop() -> None:
    may_go, written = threading.Event(), threading.Event()
    busy = asyncio.create_task(threads.run_write(may_go.wait))
    recording = asyncio.create_task(api_calls.record(written.set))
    await asyncio.sleep(0)  # both tasks begin, and the writing thread is taken
    recording.cancel()
    await asyncio.wait([recording])
    assert recording.cancelled()
    assert not written.is_set()
    may_go.set()
    await busy
    await loop.settle(30)
    assert written.is_set()

"""Whole runs, from a sent message to the rows, through the fake upstream."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from conversations import file_store
from conversations.actions import attachments
from conversations.actions.generations import stop_generation
from conversations.actions.runs import Sent
from conversations.generation.live import hub
from conversations.models import (
    Connection,
    Conversation,
    Generation,
    Message,
    UsageRecord,
    User,
)
from tests.conftest import wait_for
from tests.fakes import behaviours
from tests.fakes.images import show_picture
from tests.fakes.upstream import FakeUpstream
from tests.file_reading.files import picture
from tests.generation.helpers import WITHOUT_TOOLS, ended, send
from tests.sockets import session_of

pytestmark = pytest.mark.usefixtures("running_engine", "upstream_connection")


def test_an_answer_is_streamed_and_recorded(alice: User, fake_upstream: FakeUpstream) -> None:
    fake_upstream.say("**Hello", "** there", reasoning=["Greeting."])
    sent = send(alice, "Hi")
    generation = ended(sent.generation)
    answer = Message.objects.get(pk=sent.answer.pk)
    assert generation.status == "completed"
    assert answer.text == "**Hello** there"
    assert answer.reasoning == "Greeting."
    assert "<strong>Hello</strong> there" in answer.html
    assert generation.finish_reason == "stop"
    assert generation.completion_tokens
    assert not generation.is_usage_estimated
    assert generation.first_delta_at
    assert wait_for(
        lambda: hub.view(generation.pk) is None
    )  # because the view goes only after the row is written


def test_what_was_sent_is_the_whole_path(alice: User, fake_upstream: FakeUpstream) -> None:
    first = send(alice, "One", parameters=WITHOUT_TOOLS)
    ended(first.generation)
    conversation = Conversation.objects.get(owner=alice)
    ended(send(alice, "Two", conversation, parameters=WITHOUT_TOOLS).generation)
    assert fake_upstream.bodies[1] == {
        "model": "gpt-5.4",
        "messages": [
            {"role": "user", "content": "One"},
            {"role": "assistant", "content": "You said: One"},
            {"role": "user", "content": "Two"},
        ],
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def test_a_cut_stream_is_interrupted_and_keeps_its_text(
    alice: User, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.replay("llmock-truncate")
    sent = send(alice)
    assert ended(sent.generation).status == "interrupted"
    assert Message.objects.get(pk=sent.answer.pk).text == "Hello! LLMock handled "


def test_an_error_is_recorded_with_its_kind(
    alice: User, fake_upstream: FakeUpstream, caplog: pytest.LogCaptureFixture
) -> None:
    fake_upstream.fail(401, "Incorrect API key provided: sk-test-0123456789abcdef")
    generation = ended(send(alice).generation)
    assert generation.status == "failed"
    assert generation.error_kind == "key_refused"
    assert "0123456789" not in generation.error_detail
    # There is one line without a traceback, because the fault is not ours.
    [record] = [one for one in caplog.records if one.name.startswith("conversations")]
    assert record.getMessage() == f"Run {generation.pk} failed: key_refused (401)"
    assert record.exc_info is None


def test_a_fault_of_ours_before_the_request_is_not_blamed_on_the_upstream(
    alice: User, fake_upstream: FakeUpstream, caplog: pytest.LogCaptureFixture
) -> None:
    file = attachments.upload(alice, name="chart.png", content=picture())
    file_store.remove(file.digest)
    generation = ended(send(alice, attachments=(file.pk,)).generation)
    assert (generation.status, generation.error_kind) == ("failed", "internal")
    assert not fake_upstream.requests
    assert "FileNotFoundError" in caplog.text


def test_a_fault_of_ours_in_an_answer_keeps_what_arrived(
    alice: User, fake_upstream: FakeUpstream, settings: Settings, tmp_path: Path
) -> None:
    not_a_folder = tmp_path / "file"
    not_a_folder.write_bytes(b"")
    settings.DATA_DIR = not_a_folder
    fake_upstream.script(show_picture(picture(), words="Here it is."))
    sent = send(alice)
    generation = ended(sent.generation)
    assert (generation.status, generation.error_kind) == ("failed", "internal")
    assert Message.objects.get(pk=sent.answer.pk).text == "Here it is."


def test_fifty_sends_at_once_all_succeed(alice: User, settings: Settings) -> None:
    settings.MAX_RUNNING_ANSWERS = settings.MAX_MESSAGES_PER_MINUTE = 100

    session_key = session_of(alice)

    def one(number: int) -> Sent:
        try:
            return send(alice, f"Message {number}", session_key=session_key)
        finally:
            connection.close()

    with ThreadPoolExecutor(50) as pool:
        sent = list(pool.map(one, range(50)))
    assert all(ended(each.generation).status == "completed" for each in sent)


def test_stop_keeps_what_arrived_and_closes_the_upstream(
    alice: User, fake_upstream: FakeUpstream
) -> None:
    gate = fake_upstream.hold("So far", " so good")
    sent = send(alice)
    assert gate.wait_reached()
    wait_for(lambda: (view := hub.view(sent.generation.pk)) and "good" in "".join(view.blocks))
    stop_generation(Generation.objects.get(pk=sent.generation.pk))
    assert ended(sent.generation).status == "stopped"
    assert Message.objects.get(pk=sent.answer.pk).text == "So far so good"
    wait_for(lambda: fake_upstream.open_connections == 0)


def test_refused_stream_options_are_remembered(
    alice: User, fake_upstream: FakeUpstream, upstream_connection: Connection
) -> None:
    fake_upstream.fail(400, "Unrecognized request argument supplied: stream_options")
    assert ended(send(alice).generation).status == "completed"
    upstream_connection.refresh_from_db()
    assert upstream_connection.refuses_stream_options
    ended(send(alice).generation)
    assert "stream_options" not in fake_upstream.bodies[-1]


@pytest.mark.parametrize("tokens", [2**31, 2**40, -1, 1e300])
def test_figures_that_no_call_can_have_become_an_estimate(
    alice: User, fake_upstream: FakeUpstream, tokens: float
) -> None:
    usage = dict.fromkeys(("prompt_tokens", "completion_tokens", "total_tokens"), tokens)
    said = {"choices": [{"delta": {"content": "Hi"}, "finish_reason": "stop"}], "usage": usage}
    fake_upstream.script(behaviours.body(f"data: {json.dumps(said)}\n\n".encode()))
    generation = ended(send(alice, parameters=WITHOUT_TOOLS).generation)
    assert generation.status == "completed"
    assert generation.is_usage_estimated
    call = UsageRecord.objects.get()
    assert (call.total_tokens, call.is_estimated) == (generation.total_tokens, True)
    assert call.total_tokens < 100

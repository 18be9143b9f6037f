"""The recorded exchange is stored with its run, however that ends, and erased with it."""

from __future__ import annotations

import json

import pytest

from conversations.actions import conversations
from conversations.actions.generations import stop_generation
from conversations.generation.live import hub
from conversations.generation.records import wire_records
from conversations.models import Connection, Conversation, Generation, Message, User, WireRecord
from conversations.models.identifiers import new_id
from conversations.upkeep import erasing
from conversations.upstream.recording import MAX_RECEIVED_BYTES, Recording
from tests.conftest import wait_for
from tests.fakes import behaviours
from tests.fakes.upstream import FakeUpstream
from tests.generation.helpers import ask, ended, send, start_temporary
from tests.upstream.body.receive import stream

pytestmark = pytest.mark.usefixtures("running_engine", "upstream_connection")
KEY = "sk-test-0123456789abcdef"


def record(run: Generation) -> WireRecord:
    return WireRecord.objects.get(generation=run)


def test_a_finished_run_keeps_its_exchange(alice: User, fake_upstream: FakeUpstream) -> None:
    fake_upstream.fail(503, "Busy")
    fake_upstream.say("Hello")
    run = ended(send(alice, "你好").generation)
    account = record(run).account
    assert account["body"].encode() == fake_upstream.requests[1].body
    assert [trial["status"] for trial in account["trials"]] == [503, 200]
    assert "[DONE]" in account["trials"][1]["received"]


def test_a_stopped_run_keeps_what_came(alice: User, fake_upstream: FakeUpstream) -> None:
    gate = fake_upstream.hold("So far")
    sent = send(alice)
    assert gate.wait_reached()
    wait_for(lambda: (view := hub.view(sent.generation.pk)) and "far" in "".join(view.blocks))
    stop_generation(Generation.objects.get(pk=sent.generation.pk))
    run = ended(sent.generation)
    assert run.status == "stopped"
    [trial] = record(run).account["trials"]
    assert "So far" in trial["received"]
    assert trial["ended"] is not None


def test_a_failed_run_keeps_why_and_no_key(alice: User, fake_upstream: FakeUpstream) -> None:
    fake_upstream.fail(401, f"Incorrect API key provided: {KEY}")
    run = ended(send(alice, f"Is {KEY} right?").generation)
    assert run.status == "failed"
    row = record(run)
    kept = json.dumps(row.account, ensure_ascii=False)
    assert "Incorrect API key provided: •••" in kept
    assert not any(KEY[at : at + 6] in kept for at in range(len(KEY) - 5))
    assert KEY.encode() not in bytes(row.content)


def test_a_run_that_asked_nobody_keeps_nothing(
    alice: User, upstream_connection: Connection, fake_upstream: FakeUpstream
) -> None:
    Connection.objects.filter(pk=upstream_connection.pk).update(encrypted_key="unreadable")
    assert ended(send(alice).generation).error_kind == "key_refused"
    assert not WireRecord.objects.exists()
    assert fake_upstream.requests == []


def test_a_run_whose_lease_is_lost_writes_nothing(alice: User, fake_upstream: FakeUpstream) -> None:
    gate = fake_upstream.hold("Mine")
    sent = send(alice)
    assert gate.wait_reached()
    wait_for(lambda: Message.objects.get(pk=sent.answer.pk).text == "Mine")
    Generation.objects.filter(pk=sent.generation.pk).update(lease_owner=new_id())
    wait_for(lambda: hub.view(sent.generation.pk) is None)
    assert not WireRecord.objects.exists()


def test_it_is_erased_with_its_conversation(alice: User, fake_upstream: FakeUpstream) -> None:
    run = ended(send(alice).generation)
    kept = ended(send(alice).generation)
    conversation = Conversation.objects.get(messages__generations=run)
    conversations.delete(conversation)
    assert WireRecord.objects.count() == 2
    erasing.erase(conversation.pk)
    assert WireRecord.objects.get().generation == kept


def test_it_is_erased_with_a_temporary_chat(alice: User, fake_upstream: FakeUpstream) -> None:
    conversation = start_temporary(alice)
    run = Generation.objects.get(message__conversation=conversation)
    ended(run)
    assert record(run)
    erasing.erase(conversation.pk)
    assert not WireRecord.objects.exists()


def test_an_answer_is_not_lost_over_what_is_shown_beside_it(
    alice: User,
    fake_upstream: FakeUpstream,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(_recording: Recording, _limit: int) -> None:
        raise ValueError

    monkeypatch.setattr(Recording, "account", fail)
    fake_upstream.say("All of it")
    sent = send(alice)
    assert ended(sent.generation).status == "completed"
    assert Message.objects.get(pk=sent.answer.pk).text == "All of it"
    assert not WireRecord.objects.exists()
    assert "could not be packed" in caplog.text


def test_the_bound_is_one_for_the_whole_run(alice: User, fake_upstream: FakeUpstream) -> None:
    delta = stream(json.dumps({"choices": [{"delta": {"content": "x" * 60_000}}]}))
    fake_upstream.script(behaviours.body(*[delta] * 8, stream("[DONE]")))
    run = ended(send(alice).generation)
    [trial] = record(run).account["trials"]
    assert trial["kept_bytes"] == MAX_RECEIVED_BYTES
    # Compressed, so that repetitive text takes little space.
    assert len(record(run).content) < 20_000


def test_each_round_of_a_run_is_kept(alice: User, fake_upstream: FakeUpstream) -> None:
    fake_upstream.call(("now", "{}"))
    fake_upstream.say("It is late.")
    run = ended(ask(alice).generation)
    first, second = (row.account for row in run.wire_records.all())
    assert [first["body"], second["body"]] == [
        request.body.decode() for request in fake_upstream.requests
    ]
    assert "tool_calls" in first["trials"][0]["received"]
    assert "tool_call_id" in second["body"]
    assert first["parameters"]["tools"] == [
        tool["function"]["name"] for tool in fake_upstream.bodies[0]["tools"]
    ]


def test_the_bound_is_one_for_all_rounds(
    alice: User, fake_upstream: FakeUpstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire_records, "MAX_RECEIVED_BYTES", 2500)
    fake_upstream.call(("now", "{}"))
    fake_upstream.say(*["Late. "] * 60)
    run = ended(ask(alice).generation)
    trials = [row.account["trials"][0] for row in run.wire_records.all()]
    assert sum(trial["kept_bytes"] for trial in trials) == 2500
    assert trials[1]["received_bytes"] > trials[1]["kept_bytes"] > 0

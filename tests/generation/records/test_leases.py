"""Leases: every write of a run names its process, and one that matches no row changes nothing."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from conversations.generation.api_calls import ApiCall
from conversations.generation.records import leases
from conversations.generation.records.leases import Checkpoint, Ending
from conversations.models import (
    Connection,
    Generation,
    Message,
    SearchPiece,
    ToolApproval,
    UsageRecord,
    User,
    WireRecord,
)
from conversations.models.wire_records import pack
from conversations.upstream.answer.parts import ToolCallPart
from conversations.upstream.endpoint import Endpoint
from conversations.upstream.request import ChatRequest
from tests.branches import as_parts
from tests.generation.rows import leased_run

pytestmark = pytest.mark.django_db
ENDING = Ending(as_parts("Whole"), "<p>Whole</p>", 1, "completed", {"finish_reason": "stop"})


def a_call(**tokens: Any) -> ApiCall:
    call = ApiCall(ChatRequest("gpt-5.4", []), Endpoint("https://api.example.org", "key"))
    call.tokens = tokens
    return call


def test_only_the_own_runs_are_checkpointed_and_kept_alive(alice: User) -> None:
    long_ago = timezone.now() - datetime.timedelta(hours=1)
    ours = leased_run(alice, heartbeat=long_ago)
    stopping = leased_run(alice, stop_requested_at=timezone.now())
    theirs = leased_run(alice, process=uuid.uuid4(), heartbeat=long_ago)
    ended = leased_run(alice, status="completed")
    runs = (ours, stopping, theirs, ended)
    pulse = leases.beat(
        [Checkpoint(run.message_id, as_parts("More")) for run in runs], [run.pk for run in runs]
    )
    assert pulse.held == {ours.pk, stopping.pk}
    assert pulse.stopping == {stopping.pk}
    stored = {run.pk: Message.objects.get(pk=run.message_id).text for run in runs}
    assert [stored[run.pk] for run in runs] == ["More", "More", "Answer **0**", "Answer **0**"]
    for run in (ours, theirs):
        run.refresh_from_db()
    assert ours.heartbeat > long_ago
    assert theirs.heartbeat == long_ago


def test_the_end_is_stored_with_all_that_goes_with_it(alice: User) -> None:
    connection = Connection.objects.create(name="G", base_url="https://api.example.org")
    run = leased_run(alice, connection=connection, connection_name="G")
    call = a_call(prompt_tokens=3, completion_tokens=2)
    waiting = [ToolCallPart("call_1", "calculator", "{}")]
    recordings = [pack({"url": "https://api.example.org"})]
    ending = replace(
        ENDING, call=call, waiting=waiting, recordings=recordings, refuses_stream_options=True
    )
    assert leases.end(run.pk, ending)
    run.refresh_from_db()
    message = run.message
    assert (run.status, run.finish_reason) == ("completed", "stop")
    assert run.ended_at == message.conversation.answered_at == message.conversation.active_at
    assert (message.text, message.html, message.html_version) == ("Whole", "<p>Whole</p>", 1)
    row = UsageRecord.objects.get()
    assert (row.generation, row.purpose, row.total_tokens) == (run, "chat", 5)
    assert ToolApproval.objects.get().call_id == "call_1"
    assert WireRecord.objects.get().account == {"url": "https://api.example.org"}
    connection.refresh_from_db()
    assert connection.refuses_stream_options


def test_a_lost_lease_stores_nothing(alice: User) -> None:
    run = leased_run(alice, process=uuid.uuid4())
    assert not leases.end(run.pk, replace(ENDING, call=a_call(prompt_tokens=1)))
    leases.record_round(run.pk, a_call(prompt_tokens=1))
    assert leases.held(run.pk) is None
    run.refresh_from_db()
    assert (run.status, run.message.text) == ("running", "Answer **0**")
    assert not UsageRecord.objects.exists()


def test_an_erased_run_is_neither_held_nor_read(alice: User) -> None:
    run = leased_run(alice)
    assert leases.held(run.pk) == leases.read(run.pk) == run
    run.message.conversation.delete()
    assert leases.held(run.pk) is leases.read(run.pk) is None
    assert not leases.end(run.pk, ENDING)


@pytest.mark.parametrize("is_continued", [True, False])
def test_an_answer_is_in_the_index_once(alice: User, *, is_continued: bool) -> None:
    run = leased_run(alice)
    pieces = SearchPiece.objects.filter(message=run.message_id)
    if is_continued:
        assert leases.end(run.pk, ENDING)
        Generation.objects.filter(pk=run.pk).update(status="running")
    assert leases.end(run.pk, replace(ENDING, is_continued=is_continued))
    assert pieces.count() == 1


def test_what_a_write_needs_is_read_by_one_query(
    alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    run = leased_run(alice)
    leases.held(run.pk)
    with django_assert_num_queries(1):
        found = leases.held(run.pk)
        assert found is not None
        conversation = found.message.conversation
        assert str(conversation.owner) == "Alice"
        assert not conversation.is_temporary
        assert (found.model_name, found.connection) == ("gpt-5.4", None)

"""The ledger after kill -9: one estimate for each call that was running."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone

from conversations.generation.records import leases
from conversations.models import Conversation, Generation, Price, UsageRecord, User
from tests.branches import as_parts, conversation_of, last_run

pytestmark = pytest.mark.django_db


def cut_off(owner: User, text: str = "word " * 40, **columns: Any) -> Generation:
    """Store the run of an answer that had this much text when its process was killed."""
    conversation = conversation_of(owner, pairs=2)
    run = last_run(conversation)
    run.message.parts = as_parts(text) if text else []
    run.message.save()
    began = timezone.now() - datetime.timedelta(hours=1)
    fields = {"status": "running", "started_at": began, **columns}
    Generation.objects.filter(pk=run.pk).update(**fields)
    run.refresh_from_db()
    return run


def test_stored_text_is_estimated(alice: User) -> None:
    run = cut_off(alice)
    price = Price.objects.create(
        model=run.model,
        model_name="gpt-5.4",
        currency="USD",
        input_rate=1,
        output_rate=1,
        effective_from=timezone.now() - datetime.timedelta(hours=2),
    )
    assert leases.interrupt_orphans() == 1
    row = UsageRecord.objects.get()
    assert (row.generation, row.person, row.purpose) == (run, alice, "chat")
    assert (row.is_estimated, row.price, row.created) == (True, price, run.started_at)
    assert 20 < row.completion_tokens < 90
    assert 5 < row.prompt_tokens < 60
    assert row.total_tokens == row.prompt_tokens + row.completion_tokens
    run.refresh_from_db()
    assert run.status == "interrupted"
    assert leases.interrupt_orphans() == 0
    assert UsageRecord.objects.count() == 1


def test_a_run_without_a_request_or_a_word_is_no_call(alice: User) -> None:
    cut_off(alice, status="queued")
    cut_off(alice, "")
    assert leases.interrupt_orphans() == 2
    assert not UsageRecord.objects.exists()


def test_a_round_with_a_row_gets_no_other(alice: User) -> None:
    run = cut_off(alice)
    leases.interrupt_orphans()
    whole = UsageRecord.objects.get().completion_tokens
    for known in (whole - 10, whole):
        UsageRecord.objects.all().delete()
        UsageRecord.objects.create(
            purpose="tool_round", generation=run, model_name="m", completion_tokens=known
        )
        Generation.objects.filter(pk=run.pk).update(status="running")
        leases.interrupt_orphans()
        rest = UsageRecord.objects.filter(purpose="chat")
        assert [row.completion_tokens for row in rest] == ([10] if known < whole else [])


def test_a_deleted_conversation_keeps_its_ledger(alice: User) -> None:
    cut_off(alice)
    Conversation.objects.update(deleted_at=timezone.now())
    leases.interrupt_orphans()
    assert UsageRecord.objects.get().is_estimated

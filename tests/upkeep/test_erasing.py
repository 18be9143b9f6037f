"""Erasing takes everything that belongs to a conversation, its runs too."""

from __future__ import annotations

import pytest
from django.db import transaction

from conversations.generation import registry
from conversations.models import Conversation, Generation, Message, UsageRecord, User
from conversations.upkeep import erasing
from tests.branches import conversation_of
from tests.generation.rows import leased_run

pytestmark = pytest.mark.django_db(transaction=True)


def test_its_runs_are_stopped_after_the_commit(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped: list[object] = []
    monkeypatch.setattr(registry, "stop", stopped.append)
    run = leased_run(alice)
    kept = conversation_of(alice, title="Kept")
    UsageRecord.objects.create(
        purpose="chat",
        conversation=run.message.conversation,
        generation=run,
        model_name="gpt-5.4",
        total_tokens=3,
    )
    with transaction.atomic():
        erasing.erase(run.message.conversation_id)
        assert stopped == []
    assert stopped == [run.pk]
    assert list(Conversation.objects.all()) == [kept]
    assert set(Message.objects.values_list("conversation", flat=True)) == {kept.pk}
    assert not Generation.objects.filter(pk=run.pk).exists()
    # The ledger stays, without the rows that it named.
    row = UsageRecord.objects.get()
    assert (row.conversation, row.generation, row.total_tokens) == (None, None, 3)

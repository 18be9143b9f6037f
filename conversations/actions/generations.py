"""Stopping an answer."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from conversations.database import transactions
from conversations.generation import registry
from conversations.generation.live import notify
from conversations.generation.records import approvals
from conversations.models import Conversation, Generation


def stop_generation(generation: Generation) -> None:
    """Stop a run; what arrived is kept. A run that has ended stays as it is.

    The row is what counts, read by whichever process runs it; the registry only makes it faster.
    """
    with transactions.write():
        _request_stop([generation])


def stop_all(conversations: QuerySet[Conversation]) -> None:
    """Stop every run of some conversations. Inside the caller's transaction."""
    _request_stop(
        Generation.objects.filter(
            message__conversation__in=conversations, status__in=Generation.ACTIVE
        ).select_related("message")
    )


def stop_deleted(conversation: Conversation) -> None:
    """Stop every run of its deleted messages. Inside the caller's transaction."""
    _request_stop(
        Generation.objects.filter(
            message__conversation=conversation,
            message__deleted_at__isnull=False,
            status__in=Generation.ACTIVE,
        ).select_related("message")
    )


def _request_stop(generations: Iterable[Generation]) -> None:
    now = timezone.now()
    for generation in generations:
        row = Generation.objects.filter(pk=generation.pk)
        row.filter(status=Generation.Status.RUNNING).update(stop_requested_at=now)
        # Nobody runs what rests, and now nobody will.
        resting = (Generation.Status.QUEUED, Generation.Status.AWAITING_APPROVAL)
        was_resting = row.filter(status__in=resting).update(
            status=Generation.Status.STOPPED, stop_requested_at=now
        )
        if was_resting:
            approvals.withdraw(generation.message_id)
            transaction.on_commit(partial(notify.stopped, generation))
        transaction.on_commit(partial(registry.stop, generation.pk))
        transaction.on_commit(partial(notify.conversation, generation.message.conversation_id))

"""Stop runs."""

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
    """Stop a run and keep what arrived. A run that has ended stays as it is.

    The row counts, read by the process that holds the lease; the registry only makes it faster.
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
    waiting = (Generation.Status.QUEUED, Generation.Status.AWAITING_APPROVAL)
    for generation in generations:
        row = Generation.objects.filter(pk=generation.pk)
        if row.filter(status=Generation.Status.RUNNING).update(stop_requested_at=now):
            # Its end tells the pages; nothing that they show has changed yet.
            transaction.on_commit(partial(registry.stop, generation.pk))
        elif row.filter(status__in=waiting).update(
            status=Generation.Status.STOPPED, stop_requested_at=now
        ):
            _end_waiting(generation)


def _end_waiting(generation: Generation) -> None:
    """End a run that no task carries on."""
    approvals.withdraw(generation.message_id)
    transaction.on_commit(partial(notify.stopped, generation))
    transaction.on_commit(partial(notify.conversation, generation.message.conversation_id))

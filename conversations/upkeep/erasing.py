"""Erase conversations with everything that belongs to them."""

from __future__ import annotations

import uuid
from functools import partial

from django.db import transaction

from conversations.generation import registry
from conversations.models import Conversation, Generation


def erase(conversation_id: uuid.UUID) -> None:
    """Erase a conversation; its runs end and write nothing. Inside a transaction."""
    runs = Generation.objects.filter(
        message__conversation=conversation_id, status__in=Generation.ACTIVE
    )
    for run_id in runs.values_list("pk", flat=True):
        transaction.on_commit(partial(registry.stop, run_id))
    Conversation.objects.filter(pk=conversation_id).delete()

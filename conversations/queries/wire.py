"""Reads for the wire view of an answer."""

from __future__ import annotations

from django.db.models import Prefetch

from conversations.models import Generation, Message, UsageRecord


def runs_of(message: Message) -> list[Generation]:
    """Return the ended runs of an answer, oldest first, with their exchanges and calls."""
    calls = Prefetch("usage_records", UsageRecord.objects.select_related("price").order_by("id"))
    rows = message.generations.exclude(status__in=Generation.ACTIVE)
    rows = rows.select_related("connection", "model").prefetch_related("wire_records", calls)
    return list(rows.order_by("id"))

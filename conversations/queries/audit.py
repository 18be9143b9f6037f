"""Reads of the audit log."""

from __future__ import annotations

from django.db.models import QuerySet

from conversations.models import AuditEntry, User

SHOWN = 20


def openings_for(user: User) -> QuerySet[AuditEntry]:
    """The last openings of a user's conversations by others, newest first."""
    kind = AuditEntry.Kind.CONVERSATION_OPENED
    return AuditEntry.objects.filter(person_id=user.pk, kind=kind).order_by("-id")[:SHOWN]

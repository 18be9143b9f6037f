"""Sessions that end because somebody says so; sockets and runs follow (generation/authority)."""

from __future__ import annotations

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from conversations.database import transactions
from conversations.models import User


def end_sessions(user: User, *, keep: str | None = None) -> int:
    """Sign the person out everywhere but in the session ``keep``; returns how many ended.

    A session does not say in a column whose it is: all of them are read.
    """
    person = str(user.pk)
    keys = [
        session.pk
        for session in _open_sessions().exclude(pk=keep or "").iterator()
        if session.get_decoded().get(SESSION_KEY) == person
    ]
    with transactions.write():
        Session.objects.filter(pk__in=keys).delete()
    return len(keys)


def _open_sessions() -> QuerySet[Session]:
    return Session.objects.filter(expire_date__gt=timezone.now())

"""Ending sessions; generation/session_watch.py then closes their sockets and runs."""

from __future__ import annotations

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from conversations.database import transactions
from conversations.models import User


def end_sessions(*users: User, keep: str | None = None) -> int:
    """Sign users out of all sessions but ``keep``; return the number of ended ones.

    A session has no column for its user, so all sessions are loaded.
    """
    people = {str(user.pk) for user in users}
    keys = [
        session.pk
        for session in _open_sessions().exclude(pk=keep or "").iterator()
        if session.get_decoded().get(SESSION_KEY) in people
    ]
    with transactions.write():
        Session.objects.filter(pk__in=keys).delete()
    return len(keys)


def _open_sessions() -> QuerySet[Session]:
    return Session.objects.filter(expire_date__gt=timezone.now())

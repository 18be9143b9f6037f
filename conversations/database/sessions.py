"""Sessions in the database, read by a compiled query because every request needs one."""

from __future__ import annotations

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from conversations.database.compiled_queries import CompiledQuery

_unexpired = CompiledQuery[Session](
    lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now)
)


class SessionStore(db.SessionStore):
    """Django's own store with a faster query."""

    def _get_session_from_db(self) -> Session | None:
        session = _unexpired.first(self.session_key, timezone.now()) if self.session_key else None
        if session is None:
            self._session_key = None
        return session

"""Limits on the answers of one user: at once, and in a minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from conversations.generation import registry
from conversations.models import User
from conversations.queries.paths import as_stored
from conversations.refusals import Refusal

MINUTE = timedelta(minutes=1)
# CROSS JOIN makes SQLite begin with the runs of this minute, of all users, because it would else
# begin with all messages that the user ever wrote.
_COUNTS = """
SELECT count(*) FILTER (WHERE run.status IN ('queued', 'running')),
       count(*) FILTER (WHERE run.created > %s)
FROM conversations_generation AS run
CROSS JOIN conversations_message AS message
CROSS JOIN conversations_conversation AS conversation
WHERE message.id = run.message_id AND conversation.id = message.conversation_id
  AND conversation.owner_id = %s
  AND (run.status IN ('queued', 'running') OR run.created > %s)
"""


class LimitReachedError(Refusal):
    """The user has to wait: ``code`` is "running" or "rate", ``limit`` the number allowed."""

    status = 429

    def __init__(self, code: str, limit: int) -> None:
        super().__init__(code)
        self.code = code
        self.limit = limit


@dataclass(frozen=True, slots=True)
class Quota:
    """The answers of a user that count towards the limits."""

    running: int
    in_this_minute: int

    @property
    def near(self) -> str:
        """Return the limit that the next answer but one would meet: "running", "rate" or ""."""
        if self.running >= settings.MAX_RUNNING_ANSWERS - 1:
            return "running"
        if self.in_this_minute >= settings.MAX_MESSAGES_PER_MINUTE - 3:
            return "rate"
        return ""


def reserve_slot(user: User) -> Quota:
    """Count one more answer. Inside the transaction that makes it.

    Raises LimitReachedError, registry.DrainingError.
    """
    if registry.is_draining():
        raise registry.DrainingError
    # Two sends of one user must not count at the same time; SQLite has one writer anyway.
    if connection.features.has_select_for_update:
        User.objects.select_for_update().only("pk").get(pk=user.pk)
    running, in_this_minute = _counts(user)
    if running >= settings.MAX_RUNNING_ANSWERS:
        raise LimitReachedError("running", settings.MAX_RUNNING_ANSWERS)
    if in_this_minute >= settings.MAX_MESSAGES_PER_MINUTE:
        raise LimitReachedError("rate", settings.MAX_MESSAGES_PER_MINUTE)
    return Quota(running + 1, in_this_minute + 1)


def _counts(user: User) -> tuple[int, int]:
    """Return the number of the user's active runs, and of those begun in the last minute."""
    convert = connection.ops.adapt_datetimefield_value
    since, owner = convert(timezone.now() - MINUTE), as_stored(user.pk)
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [since, owner, since])
        running, in_this_minute = cursor.fetchone()
    return running, in_this_minute

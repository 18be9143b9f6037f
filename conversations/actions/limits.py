"""What one person may ask for at once, and in a minute."""

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
# From the runs of this minute, everybody's, to their owners: SQLite keeps to the order of a CROSS
# JOIN, and would begin with all that the person ever wrote.
_COUNTS = """
SELECT count(*) FILTER (WHERE run.status IN ('queued', 'running')),
       count(*) FILTER (WHERE run.created > %s)
FROM conversations_generation AS run
CROSS JOIN conversations_message AS message
CROSS JOIN conversations_conversation AS talk
WHERE message.id = run.message_id AND talk.id = message.conversation_id AND talk.owner_id = %s
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
    """How much a person has used of what they may."""

    running: int
    in_this_minute: int

    @property
    def near(self) -> str:
        """The limit that the next answer but one would meet: "running", "rate" or nothing."""
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
    # Two sends of one person at once are counted one after the other; SQLite has one writer anyway.
    if connection.features.has_select_for_update:
        User.objects.select_for_update().only("pk").get(pk=user.pk)
    running, in_this_minute = _counts(user)
    if running >= settings.MAX_RUNNING_ANSWERS:
        raise LimitReachedError("running", settings.MAX_RUNNING_ANSWERS)
    if in_this_minute >= settings.MAX_MESSAGES_PER_MINUTE:
        raise LimitReachedError("rate", settings.MAX_MESSAGES_PER_MINUTE)
    return Quota(running + 1, in_this_minute + 1)


def _counts(user: User) -> tuple[int, int]:
    """How many of the person's runs are on their way, and how many were begun in this minute."""
    convert = connection.ops.adapt_datetimefield_value
    since, owner = convert(timezone.now() - MINUTE), as_stored(user.pk)
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [since, owner, since])
        running, in_this_minute = cursor.fetchone()
    return running, in_this_minute

"""What one person may ask for at once, and in a minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from conversations.generation import registry
from conversations.models import Generation, User
from conversations.prepared import Prepared

MINUTE = timedelta(minutes=1)


class LimitReachedError(Exception):
    """The person has to wait: ``code`` is "running" or "rate", ``limit`` the number allowed."""

    def __init__(self, code: str, limit: int) -> None:
        super().__init__(code)
        self.code = code
        self.limit = limit


@dataclass(frozen=True, slots=True)
class Room:
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


def take_place(user: User) -> Room:
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
    return Room(running + 1, in_this_minute + 1)


def _counts(user: User) -> tuple[int, int]:
    """How many of the person's runs are on their way, and how many were begun in this minute.

    Asked for everybody, who have few of them: with the owner in the statement SQLite begins with
    all that the person ever wrote.
    """
    since = timezone.now() - MINUTE
    own = [run for run in _recent_runs(since) if run.message.conversation.owner_id == user.pk]
    return sum(run.is_under_way for run in own), sum(run.created > since for run in own)


_recent_runs = Prepared[Generation](
    lambda since: (
        Generation.objects.filter(Q(status__in=Generation.UNDER_WAY) | Q(created__gt=since))
        .order_by()
        .select_related("message__conversation")
        .only("status", "created", "message__conversation__owner_id")
    )
)

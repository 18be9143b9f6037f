"""The list of conversations: pages by key, in groups of the person's own days."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Q
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from conversations.models import Conversation, Generation, User

PAGE = 40


@dataclass(frozen=True, slots=True)
class Row:
    """A conversation as the list shows it."""

    conversation: Conversation
    is_answering: bool

    @property
    def is_unread(self) -> bool:
        """Whether an answer ended that its person has not seen."""
        return self.conversation.is_unread and not self.is_answering


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbours in the list that were last active in the same stretch of days."""

    key: str
    label: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Page:
    """Some groups, and the conversation before which the next page begins."""

    groups: list[Group]
    last: Conversation | None


def page(user: User, *, before: Conversation | None = None, limit: int = PAGE) -> Page:
    """The person's conversations, last active first. Two queries, however many there are."""
    rows = Conversation.objects.visible().filter(owner=user)
    if before is not None:
        rows = rows.filter(
            Q(active_at__lt=before.active_at) | Q(active_at=before.active_at, id__lt=before.id)
        )
    found = list(rows.order_by("-active_at", "-id")[: limit + 1])
    answering = _answering(user)
    shown = [Row(row, row.id in answering) for row in found[:limit]]
    return Page(list(_groups(shown)), found[limit - 1] if len(found) > limit else None)


def _answering(user: User) -> set[uuid.UUID]:
    """By way of the few runs on their way, not of each conversation's many messages."""
    active = Generation.objects.filter(
        status__in=Generation.ACTIVE, message__conversation__owner=user
    )
    return set(active.values_list("message__conversation_id", flat=True))


def _groups(rows: Iterable[Row]) -> Iterable[Group]:
    today = timezone.localdate()
    for key, members in groupby(
        rows, lambda row: group_key(timezone.localdate(row.conversation.active_at), today)
    ):
        yield Group(key, group_label(key, today), list(members))


def group_key(day: datetime.date, today: datetime.date) -> str:
    """Which group a day of the person's calendar belongs to: a word, or the month as 2026-10."""
    age = (today - day).days
    if age <= 0:
        return "today"
    if age == 1:
        return "yesterday"
    return "week" if age <= 7 else f"{day:%Y-%m}"


def group_label(key: str, today: datetime.date) -> str:
    """What stands above a group."""
    words = {"today": _("Today"), "yesterday": _("Yesterday"), "week": _("Previous 7 days")}
    if key in words:
        return words[key]
    month = datetime.date.fromisoformat(f"{key}-01")
    return formats.date_format(month, "F" if month.year == today.year else "YEAR_MONTH_FORMAT")

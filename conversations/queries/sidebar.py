"""The list of conversations: pages by key, in groups of the person's own days."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Q, QuerySet
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from conversations.models import Conversation, Generation, User
from conversations.queries.keys import Key

# A tall screen shows this many; more load as the reader nears the end.
PAGE = 30
# A row shows these columns; loading the others would take a tenth of a page's time.
COLUMNS = ("title", "active_at", "pinned_at", "folder", "answered_at", "read_at")
# Pinned ones stand above the others, and must not push them off the screen.
PINNED_PAGE = 10
OnTheirWay = Mapping[uuid.UUID, bool]
"""Conversations with an answer that has not ended; True where it waits for its person."""


@dataclass(frozen=True, slots=True)
class SidebarRow:
    """A conversation as the list shows it."""

    conversation: Conversation
    is_answering: bool
    is_waiting: bool = False

    @property
    def is_unread(self) -> bool:
        """Whether an answer ended that its person has not seen."""
        return self.conversation.is_unread and not (self.is_answering or self.is_waiting)


@dataclass(frozen=True, slots=True)
class Rows:
    """Consecutive rows, and the key after which the next page begins."""

    rows: list[SidebarRow]
    last: Key | None


@dataclass(frozen=True, slots=True)
class SidebarGroup:
    """Consecutive rows that were last active in the same period."""

    key: str
    label: str
    rows: list[SidebarRow]


@dataclass(frozen=True, slots=True)
class SidebarPage:
    """Consecutive groups, and the key after which the next page begins."""

    groups: list[SidebarGroup]
    last: Key | None


def page(
    user: User,
    *,
    before: Key | None = None,
    limit: int = PAGE,
    on_their_way: OnTheirWay | None = None,
) -> SidebarPage:
    """Return conversations neither pinned nor in a folder, last active first; two queries.

    ``on_their_way`` is the result of ``answering``, if the caller has it.
    """
    rows = listed(user).filter(pinned_at=None, folder=None)
    known = answering(user) if on_their_way is None else on_their_way
    found = stretch(rows, "active_at", known, after=before, limit=limit)
    return SidebarPage(list(_groups(found.rows)), found.last)


def listed(user: User) -> QuerySet[Conversation]:
    """Return the user's listed conversations, with the columns that a row shows."""
    return Conversation.objects.listed().filter(owner=user).only(*COLUMNS)


def pinned(
    user: User,
    *,
    after: Key | None = None,
    limit: int = PINNED_PAGE,
    on_their_way: OnTheirWay | None = None,
) -> Rows:
    """Return the pinned conversations of all folders, last pinned first."""
    rows = listed(user).filter(pinned_at__isnull=False)
    known = answering(user) if on_their_way is None else on_their_way
    return stretch(rows, "pinned_at", known, after=after, limit=limit)


def stretch(
    rows: QuerySet[Conversation],
    column: str,
    on_their_way: OnTheirWay,
    *,
    after: Key | None,
    limit: int,
) -> Rows:
    """Return rows by ``column``, latest first, after a key; one query."""
    if after is not None:
        earlier = Q(**{f"{column}__lt": after.moment})
        rows = rows.filter(earlier | Q(**{column: after.moment}, id__lt=after.id))
    found = list(rows.order_by(f"-{column}", "-id")[: limit + 1])
    return cut(found, column, on_their_way, limit=limit)


def cut(found: list[Conversation], column: str, on_their_way: OnTheirWay, *, limit: int) -> Rows:
    """Make a page from rows that include one more than ``limit`` if more follow."""
    shown = [
        SidebarRow(
            row,
            is_answering=on_their_way.get(row.id) is False,
            is_waiting=on_their_way.get(row.id, False),
        )
        for row in found[:limit]
    ]
    if len(found) <= limit:
        return Rows(shown, None)
    last = found[limit - 1]
    return Rows(shown, Key(getattr(last, column), last.id))


def answering(user: User) -> OnTheirWay:
    """Return the conversations with active runs; True where one waits for approval."""
    active = Generation.objects.filter(status__in=Generation.ACTIVE).order_by()
    # The active runs of all users are few. Filtered by owner, SQLite would begin with the owner's
    # conversations and walk through every message.
    found = active.values_list(
        "message__conversation_id", "message__conversation__owner_id", "status"
    )
    own = [(key, status) for key, owner_id, status in found if owner_id == user.pk]
    waiting = {key for key, status in own if status == Generation.Status.AWAITING_APPROVAL}
    return {key: key in waiting for key, _status in own}


def _groups(rows: Iterable[SidebarRow]) -> Iterable[SidebarGroup]:
    today = timezone.localdate()
    for key, members in groupby(
        rows, lambda row: group_key(timezone.localdate(row.conversation.active_at), today)
    ):
        yield SidebarGroup(key, group_label(key, today), list(members))


def group_key(day: datetime.date, today: datetime.date) -> str:
    """Return the group of a day in the user's calendar: a word, or the month as 2026-10."""
    age = (today - day).days
    if age <= 0:
        return "today"
    if age == 1:
        return "yesterday"
    return "week" if age <= 7 else f"{day:%Y-%m}"


def group_label(key: str, today: datetime.date) -> str:
    """Return the heading of a group."""
    words = {"today": _("Today"), "yesterday": _("Yesterday"), "week": _("Previous 7 days")}
    if key in words:
        return words[key]
    month = datetime.date.fromisoformat(f"{key}-01")
    return formats.date_format(month, "F" if month.year == today.year else "YEAR_MONTH_FORMAT")

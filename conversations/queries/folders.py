"""A user's folders, as the sidebar shows them and as choices for moving a conversation."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from conversations.models import Conversation, Folder, User
from conversations.queries import sidebar
from conversations.queries.keys import Key

PAGE = 10
# The list shows this many folders until all are requested.
SHOWN = 10
# The page must not grow with every folder that was ever unfolded, so at most these are loaded open.
MOST_OPEN = 10


@dataclass(frozen=True, slots=True)
class Item:
    """A folder with its contents; ``rows`` is None while it is folded."""

    folder: Folder
    children: list[Item]
    rows: sidebar.Rows | None


@dataclass(frozen=True, slots=True)
class Tree:
    """The top-level folders that are shown, and the number of those that are not."""

    items: list[Item]
    more: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A folder as a choice, with its depth."""

    folder: Folder
    depth: int


def tree(
    user: User,
    *,
    opened: Collection[uuid.UUID],
    on_their_way: sidebar.OnTheirWay,
    has_all: bool = False,
) -> Tree:
    """Return the folders in their order, unfolded ones with their rows; at most four queries."""
    outermost = _named(user).filter(parent=None)
    top = list(outermost) if has_all else list(outermost[: SHOWN + 1])
    shown = top if has_all else top[:SHOWN]
    unfolded = [folder.pk for folder in shown if folder.pk in opened]
    inner = list(_named(user).filter(parent__in=unfolded)) if unfolded else []
    wanted = [folder.pk for folder in (*shown, *inner) if folder.pk in opened][:MOST_OPEN]
    found = _rows(wanted, on_their_way)
    within = _by_parent(inner)
    items = [_item(folder, within, found) for folder in shown]
    return Tree(items, outermost.count() - SHOWN if len(top) > len(shown) else 0)


def rows(folder: Folder, *, after: Key | None = None, limit: int = PAGE) -> sidebar.Rows:
    """Return the unpinned conversations of a folder, last active first; two queries."""
    found = sidebar.listed(folder.owner).filter(folder=folder, pinned_at=None)
    on_their_way = sidebar.answering(folder.owner)
    return sidebar.stretch(found, "active_at", on_their_way, after=after, limit=limit)


def choices(user: User) -> list[Choice]:
    """Return all folders, each followed by its children; one query."""
    within = _by_parent(_named(user))
    return [
        choice
        for folder in within[None]
        for choice in (Choice(folder, 0), *(Choice(child, 1) for child in within[folder.pk]))
    ]


def _named(user: User) -> QuerySet[Folder]:
    """Return the user's folders without their prompts, which may be long."""
    return Folder.objects.filter(owner=user).only("name", "parent", "position")


def _by_parent(folders: Iterable[Folder]) -> defaultdict[uuid.UUID | None, list[Folder]]:
    within: defaultdict[uuid.UUID | None, list[Folder]] = defaultdict(list)
    for folder in folders:
        within[folder.parent_id].append(folder)
    return within


def _item(
    folder: Folder,
    within: Mapping[uuid.UUID | None, Iterable[Folder]],
    found: Mapping[uuid.UUID, sidebar.Rows],
) -> Item:
    if folder.pk not in found:
        return Item(folder, [], None)
    children = [_item(child, within, found) for child in within.get(folder.pk, ())]
    return Item(folder, children, found[folder.pk])


def _rows(ids: list[uuid.UUID], on_their_way: sidebar.OnTheirWay) -> dict[uuid.UUID, sidebar.Rows]:
    """Return the first page of each folder in one query; each part stops early in its index."""
    if not ids:
        return {}
    firsts = (
        Conversation.objects.listed()
        .filter(folder=folder_id, pinned_at=None)
        .order_by("-active_at", "-id")
        .values("pk")[: PAGE + 1]
        for folder_id in ids
    )
    wanted = reduce(or_, (Q(pk__in=first) for first in firsts))
    found: defaultdict[uuid.UUID, list[Conversation]] = defaultdict(list)
    rows = Conversation.objects.filter(wanted).only(*sidebar.COLUMNS)
    for row in rows.order_by("-active_at", "-id"):
        found[row.folder_id or row.pk].append(row)
    return {key: sidebar.cut(found[key], "active_at", on_their_way, limit=PAGE) for key in ids}

"""Reads about shared links: a person's list, and a snapshot page by page."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from conversations.models import Conversation, Message, SharedMessage, ShareLink, User

PAGE = 100
# The dialog of a conversation shows this many links; the settings page lists all.
SHOWN = 20


@dataclass(frozen=True, slots=True)
class SharedPage:
    """Consecutive messages of a snapshot, the one before the first, and whether more follow."""

    messages: list[SharedMessage]
    previous: SharedMessage | None
    has_more: bool


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """The facts under the title of a shared page: the number of messages, and the models."""

    count: int
    models: list[str]


def links_of(user: User) -> QuerySet[ShareLink]:
    """Every link that the person made, the newest first."""
    return ShareLink.objects.filter(sharer=user).select_related("conversation").order_by("-id")


def links_to(conversation: Conversation) -> QuerySet[ShareLink]:
    """The newest links to snapshots of a conversation."""
    return ShareLink.objects.filter(conversation=conversation).order_by("-id")[:SHOWN]


def stretch(link: ShareLink, *, after: int | None = None, limit: int = PAGE) -> SharedPage:
    """The messages after a position, from the beginning without one. Costs the same anywhere."""
    rows = link.messages.order_by("position").prefetch_related("attachments")
    if after is not None:
        rows = rows.filter(position__gte=after)
    is_later = after is not None
    found = list(rows[: limit + 1 + is_later])
    messages = found[is_later:]
    return SharedPage(
        messages=messages[:limit],
        previous=found[0] if is_later and found else None,
        has_more=len(messages) > limit,
    )


def facts(link: ShareLink) -> LinkFacts:
    """Two queries, however long the snapshot is."""
    answers = link.messages.filter(role=Message.Role.ASSISTANT).order_by("speaker")
    return LinkFacts(
        count=link.messages.count(),
        models=list(answers.values_list("speaker", flat=True).distinct()),
    )

"""Looks for titles and messages of one person, in all branches of all conversations."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from conversations.indexing.writing import scope_of
from conversations.models import Conversation, Generation, Message, SearchPiece, User
from conversations.search import query as queries
from conversations.search import ranking, snippets

# The newest matches that are looked through for the filters, and those that are ranked.
DEPTH = 20_000
RANKED = 500
PAGE = 20
PASSAGES = 3

_ON_SQLITE = f"""conversations_searchpiece.id IN (
    SELECT rowid FROM conversations_searchindex WHERE conversations_searchindex MATCH %s
    ORDER BY rowid DESC LIMIT {DEPTH}
)"""  # noqa: S608 (a number of ours)
_ON_POSTGRESQL = "conversations_searchpiece.vector @@ to_tsquery('simple', %s)"
_MATCH = {
    "sqlite": (_ON_SQLITE, queries.to_fts5),
    "postgresql": (_ON_POSTGRESQL, queries.to_tsquery),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of a search. ``model`` is an API name; both days are included."""

    role: str = ""
    folder: uuid.UUID | None = None
    model: str = ""
    since: datetime.date | None = None
    until: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A message that was found, with the words that show why."""

    message: Message
    snippet: list[snippets.SnippetPart]


@dataclass(slots=True)
class Hit:
    """A conversation that was found: by its title, by messages, or both. ``more`` are not shown."""

    conversation: Conversation
    title: list[snippets.SnippetPart]
    passages: list[Passage]
    more: int


@dataclass(frozen=True, slots=True)
class Results:
    """A page of conversations, the best first. ``is_cut``: older matches were not compared."""

    hits: list[Hit]
    count: int
    is_cut: bool


@dataclass(slots=True)
class _Found:
    """The matches in one conversation, each message once, with its score."""

    title: float = 0.0
    messages: dict[uuid.UUID, tuple[float, int, int]] = field(default_factory=dict)

    @property
    def score(self) -> float:
        return self.title + max((score for score, *_ in self.messages.values()), default=0.0)


def search(
    user: User,
    text: str,
    filters: Filters | None = None,
    *,
    page: int = 1,
    limit: int = PAGE,
    passages: int = PASSAGES,
) -> Results:
    """Return the conversations that match all of ``text``, in four queries for any number."""
    query = queries.parse(text)
    if not query:
        return Results([], 0, is_cut=False)
    filters = filters or Filters()
    titles = [] if filters.role else _titles(user, query, filters)
    messages = _messages(user, query, filters)
    found = _gather(query, titles, messages)
    ranked = sorted(found.items(), key=lambda item: item[1].score, reverse=True)
    shown = dict(ranked[(page - 1) * limit : page * limit])
    return Results(
        hits=_hits(query, shown, passages),
        count=len(ranked),
        is_cut=RANKED in (len(titles), len(messages)),
    )


def recent(user: User, *, limit: int) -> list[Hit]:
    """The person's newest conversations, for who has not typed anything yet."""
    rows = Conversation.objects.listed().filter(owner=user)[:limit]
    return [Hit(row, [snippets.SnippetPart(row.title, is_match=False)], [], 0) for row in rows]


def _titles(user: User, query: queries.Query, filters: Filters) -> list[tuple[Any, ...]]:
    rows = _pieces(user, query, filters, is_title=True)
    rows = _on_days(rows, "conversation__active_at", filters)
    if filters.model:
        rows = rows.filter(conversation__model__name=filters.model)
    return list(rows.values_list("conversation_id", "words", "conversation__active_at")[:RANKED])


def _messages(user: User, query: queries.Query, filters: Filters) -> list[tuple[Any, ...]]:
    rows = _on_days(_pieces(user, query, filters, is_title=False), "message__created", filters)
    if filters.role:
        rows = rows.filter(message__role=filters.role)
    if filters.model:
        rows = rows.filter(_involves(filters.model))
    columns = ("conversation_id", "words", "message__created", "message_id", "start", "end")
    return list(rows.values_list(*columns)[:RANKED])


def _pieces(
    user: User, query: queries.Query, filters: Filters, *, is_title: bool
) -> QuerySet[SearchPiece]:
    """The pieces that match, the newest first. Whose they are is asked of their rows too."""
    condition, render = _MATCH[connection.vendor]
    wanted = render(scope_of(user.pk, is_title=is_title), query)
    matches = RawSQL(condition, [wanted], output_field=BooleanField())  # noqa: S611 (a constant, with its parameter)
    rows = SearchPiece.objects.filter(matches, message__isnull=is_title)
    mine = Q(
        conversation__owner=user, conversation__deleted_at=None, conversation__is_temporary=False
    )
    if filters.folder:
        folder = Q(conversation__folder=filters.folder)
        rows = rows.filter(folder | Q(conversation__folder__parent=filters.folder))
    return rows.filter(mine, message__deleted_at=None).order_by("-id")


def _on_days(rows: QuerySet[SearchPiece], column: str, filters: Filters) -> QuerySet[SearchPiece]:
    if filters.since:
        rows = rows.filter(**{f"{column}__gte": _midnight(filters.since)})
    if filters.until:
        rows = rows.filter(**{f"{column}__lt": _midnight(filters.until + datetime.timedelta(1))})
    return rows


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def _involves(model: str) -> Q:
    """Answers of the model, and what they answer."""
    runs = Generation.objects.filter(model_name=model)
    return Q(Exists(runs.filter(message=OuterRef("message")))) | Q(
        Exists(runs.filter(message__parent=OuterRef("message")))
    )


def _gather(
    query: queries.Query,
    titles: Iterable[tuple[Any, ...]],
    messages: Iterable[tuple[Any, ...]],
) -> dict[uuid.UUID, _Found]:
    now = timezone.now()
    found: dict[uuid.UUID, _Found] = {}
    for key, words, moment in titles:
        value = ranking.score(words, query, age_in_days=(now - moment).days)
        found.setdefault(key, _Found()).title = ranking.TITLE * value
    for key, words, moment, message, start, end in messages:
        value = ranking.score(words, query, age_in_days=(now - moment).days)
        best = found.setdefault(key, _Found()).messages
        best[message] = max(best.get(message, (0.0, 0, 0)), (value, start, end))
    return found


def _hits(query: queries.Query, found: dict[uuid.UUID, _Found], passages: int) -> list[Hit]:
    rows = Conversation.objects.in_bulk(found)
    chosen = {
        key: sorted(one.messages.items(), key=lambda item: item[1][0], reverse=True)[:passages]
        for key, one in found.items()
    }
    keys = [message for best in chosen.values() for message, _ in best]
    messages = Message.objects.defer("html").in_bulk(keys)
    return [
        Hit(
            conversation=rows[key],
            title=snippets.mark(rows[key].title, query),
            passages=[
                Passage(
                    messages[message], snippets.snippet(messages[message].text[start:end], query)
                )
                for message, (_, start, end) in chosen[key]
            ],
            more=len(one.messages) - len(chosen[key]),
        )
        for key, one in found.items()
        if key in rows
    ]

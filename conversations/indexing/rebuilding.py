"""Rebuild the index, in steps short enough to let other writers in between."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from conversations.indexing import schema
from conversations.indexing.writing import message_columns, title_columns
from conversations.models import Conversation, Message, SearchPiece

STEP = 500


@dataclass(frozen=True, slots=True)
class Tables:
    """The models to read and write; a migration passes its historical ones."""

    conversations: Any = Conversation
    messages: Any = Message
    pieces: Any = SearchPiece
    # False for models from before migration 0007, which have no such column.
    has_temporary: bool = True

    def lasting(self, rows: Any, column: str) -> Any:
        """Exclude temporary conversations, which are not indexed."""
        return rows.filter(**{column: False}) if self.has_temporary else rows


# Indexes the rows after an id and returns the last id, or None when none were left.
Step = Callable[[uuid.UUID | None, Tables], uuid.UUID | None]


def empty() -> None:
    """Delete everything from the index and create it again. Call it inside a transaction."""
    schema.drop(connection)
    SearchPiece.objects.all().delete()
    schema.create(connection)


def add_titles(after: uuid.UUID | None, tables: Tables) -> uuid.UUID | None:
    """Index the STEP titles after an id; see `Step`."""
    lasting = tables.lasting(tables.conversations.objects, "is_temporary")
    rows = _next(lasting, after, "owner_id", "title")
    keys = [key for key, *_ in rows]
    tables.pieces.objects.filter(conversation__in=keys, message=None).delete()
    tables.pieces.objects.bulk_create(
        tables.pieces(conversation_id=key, **piece)
        for key, owner_id, title in rows
        for piece in title_columns(owner_id, title)
    )
    return keys[-1] if keys else None


def add_messages(after: uuid.UUID | None, tables: Tables) -> uuid.UUID | None:
    """Index the STEP messages after an id; see `Step`."""
    lasting = tables.lasting(tables.messages.objects, "conversation__is_temporary")
    rows = _next(lasting, after, "conversation_id", "conversation__owner_id", "parts")
    keys = [key for key, *_ in rows]
    tables.pieces.objects.filter(message__in=keys).delete()
    tables.pieces.objects.bulk_create(
        tables.pieces(conversation_id=conversation_id, message_id=key, **piece)
        for key, conversation_id, owner_id, parts in rows
        for piece in message_columns(owner_id, Message(parts=parts).text)
    )
    return keys[-1] if keys else None


# Titles come first, so that conversations can be found early during a rebuild.
STEPS: tuple[Step, ...] = (add_titles, add_messages)


def _next(lasting: Any, after: uuid.UUID | None, *columns: str) -> list[tuple[Any, ...]]:
    rows = lasting.order_by("id").values_list("id", *columns)
    return list((rows.filter(id__gt=after) if after else rows)[:STEP])

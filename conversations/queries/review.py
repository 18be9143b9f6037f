"""The administrators' list of everybody's conversations."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Exists, Func, OuterRef, Q, QuerySet, TextField
from django.db.models.sql.compiler import SQLCompiler

from conversations.models import Conversation, Message

MAX_BRANCHES = 50


class PartsText(Func):
    """All text of a message, from the JSON of its parts, as it was written.

    The JSON itself cannot be searched: it holds Chinese, quotes and line ends as escapes.
    """

    output_field = TextField()

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, Any]:
        """One value from a walk over the array."""
        template = (
            "(SELECT group_concat(json_extract(part.value, '$.text'), char(10)) "
            "FROM json_each(%(expressions)s) AS part)"
        )
        return super().as_sql(compiler, connection, template=template, **context)

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, Any]:
        """The same, in its words."""
        template = (
            "(SELECT string_agg(part->>'text', chr(10)) "
            "FROM jsonb_array_elements(%(expressions)s) AS part)"
        )
        return super().as_sql(compiler, connection, template=template, **context)


def search(rows: QuerySet[Conversation], words: list[str]) -> QuerySet[Conversation]:
    """Filter by words: each must occur in the title, the owner's name or address, or a message."""
    for word in words:
        said = Message.objects.annotate(said=PartsText("parts")).filter(
            conversation=OuterRef("pk"), said__icontains=word
        )
        rows = rows.filter(
            Q(title__icontains=word)
            | Q(owner__name__icontains=word)
            | Q(owner__email__icontains=word)
            | Exists(said)
        )
    return rows


def branch_ends(conversation: Conversation) -> QuerySet[Message]:
    """The last message of each branch, oldest first: other versions and deleted ones too."""
    replies = Message.objects.filter(parent=OuterRef("pk"))
    is_end = ~Exists(replies) | (Q(deleted_at=None) & ~Exists(replies.visible()))
    ends = conversation.messages.filter(is_end).only("id", "created", "deleted_at")
    return ends.order_by("created", "id")[:MAX_BRANCHES]

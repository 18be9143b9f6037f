"""The tree below a message: its branches, and the versions of a turn."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from conversations.database.compiled_queries import CompiledQuery
from conversations.models import Conversation, Message
from conversations.queries.paths import as_stored, from_stored, way_to

# At each level the version that was shown last, because that is one index lookup.
_DESCENT = """
WITH RECURSIVE below(id, depth) AS (
    SELECT id, 1 FROM conversations_message WHERE id = %s
    UNION ALL
    SELECT message.id, below.depth + 1
    FROM below JOIN conversations_message AS message ON message.id = (
        SELECT version.id FROM conversations_message AS version
        WHERE version.parent_id = below.id AND version.deleted_at IS NULL
        ORDER BY version.shown_at DESC, version.id DESC LIMIT 1
    )
)
SELECT id FROM below ORDER BY depth DESC LIMIT 1
"""
_SUBTREE = """
WITH RECURSIVE below(id) AS (
    SELECT id FROM conversations_message WHERE id = %s
    UNION ALL
    SELECT message.id FROM below JOIN conversations_message AS message
    ON message.parent_id = below.id
)
SELECT id FROM below
"""


@dataclass(frozen=True, slots=True)
class VersionPosition:
    """The position of a message among the versions of its turn, and the ids of its neighbours."""

    number: int
    count: int
    before: uuid.UUID | None
    after: uuid.UUID | None


def last_shown_leaf(message_id: uuid.UUID) -> uuid.UUID:
    """Return the leaf of the branch last shown below a message, or the message itself."""
    with connection.cursor() as cursor:
        cursor.execute(_DESCENT, [as_stored(message_id)])
        return from_stored(cursor.fetchone()[0])


def last_shown(conversation: Conversation, parent_id: uuid.UUID | None) -> Message | None:
    """Return the last shown version of the turn after ``parent_id``; None: the first turn."""
    versions = conversation.messages.visible().filter(parent=parent_id)
    return versions.order_by("-shown_at", "-id").first()


def with_all_below(message_id: uuid.UUID) -> RawSQL:
    """Return the ids of a message and all its descendants, for an ``id__in`` filter."""
    return RawSQL(_SUBTREE, [as_stored(message_id)])  # noqa: S611 (our own constant text)


def overtaken(leaf_id: uuid.UUID) -> QuerySet[Message]:
    """Return the messages on the branch of ``leaf_id`` that have a version shown later."""
    later = Message.objects.filter(shown_at__gt=OuterRef("shown_at"))
    of_turn = Exists(later.filter(parent=OuterRef("parent")))
    of_first_turn = Q(parent=None) & Exists(
        later.filter(parent=None, conversation=OuterRef("conversation"))
    )
    return Message.objects.filter(of_turn | of_first_turn, id__in=way_to(leaf_id))


def version_positions(messages: Iterable[Message]) -> Mapping[uuid.UUID, VersionPosition]:
    """Return the version positions of messages of one conversation, in two queries at most.

    A deleted message has none.
    """
    turns: defaultdict[uuid.UUID | None, list[uuid.UUID]] = defaultdict(list)
    for parent_id, message_id in _versions(list(messages)):
        turns[parent_id].append(message_id)
    return {
        message_id: _place(versions, index)
        for versions in turns.values()
        for index, message_id in enumerate(versions)
    }


_next_turns = CompiledQuery[Message](
    lambda parent_ids: (
        Message.objects.visible()
        .filter(parent__in=parent_ids)
        .order_by("created", "id")
        .only("parent_id")
    )
)
_first_turns = CompiledQuery[Message](
    lambda conversation_id: (
        Message.objects.visible()
        .filter(parent=None, conversation=conversation_id)
        .order_by("created", "id")
        .only("parent_id")
    )
)


def _versions(messages: list[Message]) -> Iterator[tuple[uuid.UUID | None, uuid.UUID]]:
    parents = list(dict.fromkeys(message.parent_id for message in messages))
    found = _next_turns([parent_id for parent_id in parents if parent_id is not None])
    if None in parents:
        found += _first_turns(messages[0].conversation_id)
    return ((message.parent_id, message.pk) for message in found)


def _place(versions: list[uuid.UUID], index: int) -> VersionPosition:
    return VersionPosition(
        number=index + 1,
        count=len(versions),
        before=versions[index - 1] if index else None,
        after=versions[index + 1] if index + 1 < len(versions) else None,
    )

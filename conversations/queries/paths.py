"""The branch of a message: its path up through the parents."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

from conversations.database.compiled_queries import CompiledQuery
from conversations.models import Message

# One index lookup a level: the cost follows the limit and not the length of the conversation.
_WALK = """
WITH RECURSIVE branch(id, parent_id, depth) AS (
    SELECT id, parent_id, 1 FROM conversations_message WHERE id = %s
    UNION ALL
    SELECT message.id, message.parent_id, branch.depth + 1
    FROM conversations_message AS message JOIN branch ON message.id = branch.parent_id
    WHERE branch.depth < %s
)
SELECT id FROM branch ORDER BY depth DESC
"""
# Follows the newest version at each level, because that costs one index lookup a level.
_DESCEND = """
WITH RECURSIVE below(id, depth) AS (
    SELECT id, 1 FROM conversations_message WHERE id = %s
    UNION ALL
    SELECT (
        SELECT child.id FROM conversations_message AS child
        WHERE child.parent_id = below.id AND child.deleted_at IS NULL
        ORDER BY child.id DESC LIMIT 1
    ), below.depth + 1
    FROM below WHERE below.id IS NOT NULL AND below.depth < %s
)
SELECT id FROM below WHERE id IS NOT NULL ORDER BY depth DESC LIMIT 1
"""
EVERYTHING = 1_000_000


def branch_ids(leaf_id: uuid.UUID | None, *, limit: int = EVERYTHING) -> list[uuid.UUID]:
    """Return the ids of the branch's last ``limit`` messages, oldest first."""
    if leaf_id is None:
        return []
    return _ids(_WALK, leaf_id, limit)


def newest_leaf(message_id: uuid.UUID, *, limit: int) -> uuid.UUID:
    """Return the end of the newest branch below a message, at most ``limit`` messages down."""
    return _ids(_DESCEND, message_id, limit)[0]


def way_to(leaf_id: uuid.UUID) -> RawSQL:
    """Return the ids of the whole branch, for an ``id__in`` filter."""
    return RawSQL(_WALK, [as_stored(leaf_id), EVERYTHING])  # noqa: S611 (our own constant text)


_said = CompiledQuery[Message](
    lambda ids: Message.objects.only("role", "parts", "parameters").filter(pk__in=ids)
)


def path_to(leaf_id: uuid.UUID | None) -> list[Message]:
    """Return the messages of the branch, oldest first, with role, parts and parameters only."""
    ids = branch_ids(leaf_id)
    rows = {message.pk: message for message in _said.each(ids)}
    return [rows[message_id] for message_id in ids]


def _ids(statement: str, message_id: uuid.UUID, limit: int) -> list[uuid.UUID]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [as_stored(message_id), limit])
        return [from_stored(row[0]) for row in cursor.fetchall()]


def as_stored(message_id: uuid.UUID) -> Any:
    """Convert an id for raw SQL on this database."""
    return Message._meta.pk.get_db_prep_value(message_id, connection)  # noqa: SLF001 (documented)


def from_stored(value: object) -> uuid.UUID:
    """Convert an id that raw SQL returned."""
    message_id: uuid.UUID = Message._meta.pk.to_python(value)  # noqa: SLF001 (documented)
    return message_id

"""The branch that ends with a message: its path up through the parents."""

from __future__ import annotations

import uuid

from django.db import connection

from conversations.models import Message

# Walks one index lookup a level, so its cost follows the limit and not the conversation's length.
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
# Down by the newest version each time, one index lookup a level.
_DESCEND = """
WITH RECURSIVE below(id, depth) AS (
    SELECT id, 1 FROM conversations_message WHERE id = %s
    UNION ALL
    SELECT (
        SELECT child.id FROM conversations_message AS child
        WHERE child.parent_id = below.id ORDER BY child.id DESC LIMIT 1
    ), below.depth + 1
    FROM below WHERE below.id IS NOT NULL AND below.depth < %s
)
SELECT id FROM below WHERE id IS NOT NULL ORDER BY depth DESC LIMIT 1
"""
EVERYTHING = 1_000_000


def branch_ids(leaf_id: uuid.UUID | None, *, limit: int = EVERYTHING) -> list[uuid.UUID]:
    """The ids of the last ``limit`` messages of the branch, oldest first, ``leaf_id`` last."""
    if leaf_id is None:
        return []
    return _ids(_WALK, leaf_id, limit)


def end_below(message_id: uuid.UUID, *, limit: int) -> uuid.UUID:
    """The last of at most ``limit`` messages that begin with this one and go on by the newest."""
    return _ids(_DESCEND, message_id, limit)[0]


def path_to(leaf_id: uuid.UUID | None) -> list[Message]:
    """The messages of the branch, oldest first, without their HTML."""
    ids = branch_ids(leaf_id)
    rows = Message.objects.defer("html").in_bulk(ids)
    return [rows[message_id] for message_id in ids]


def _ids(statement: str, message_id: uuid.UUID, limit: int) -> list[uuid.UUID]:
    column = Message._meta.pk  # noqa: SLF001 (Django's documented Model._meta API)
    with connection.cursor() as cursor:
        cursor.execute(statement, [column.get_db_prep_value(message_id, connection), limit])
        return [column.to_python(row[0]) for row in cursor.fetchall()]

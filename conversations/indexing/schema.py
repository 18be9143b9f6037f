"""The full-text index of each database: FTS5 with triggers, or a tsvector with GIN.

Triggers keep FTS5 in step, also with rows that a cascade deletes. The FTS5 table takes its content
from the pieces (https://sqlite.org/fts5.html#external_content_tables), so that the words are
stored once.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

_SQLITE = [
    """CREATE VIRTUAL TABLE conversations_searchindex USING fts5(
        words, content='conversations_searchpiece', content_rowid='id', tokenize='unicode61'
    )""",
    """CREATE TRIGGER searchpiece_added AFTER INSERT ON conversations_searchpiece BEGIN
        INSERT INTO conversations_searchindex(rowid, words) VALUES (new.id, new.words);
    END""",
    """CREATE TRIGGER searchpiece_removed AFTER DELETE ON conversations_searchpiece BEGIN
        INSERT INTO conversations_searchindex(conversations_searchindex, rowid, words)
        VALUES ('delete', old.id, old.words);
    END""",
    """CREATE TRIGGER searchpiece_changed AFTER UPDATE ON conversations_searchpiece BEGIN
        INSERT INTO conversations_searchindex(conversations_searchindex, rowid, words)
        VALUES ('delete', old.id, old.words);
        INSERT INTO conversations_searchindex(rowid, words) VALUES (new.id, new.words);
    END""",
]
_POSTGRESQL = [
    """ALTER TABLE conversations_searchpiece ADD COLUMN vector tsvector
        GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, words)) STORED""",
    "CREATE INDEX conversations_searchpiece_vector ON conversations_searchpiece USING gin (vector)",
]
_CREATE = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}
_DROP = {
    "sqlite": [
        "DROP TRIGGER IF EXISTS searchpiece_added",
        "DROP TRIGGER IF EXISTS searchpiece_removed",
        "DROP TRIGGER IF EXISTS searchpiece_changed",
        "DROP TABLE IF EXISTS conversations_searchindex",
    ],
    "postgresql": ["ALTER TABLE conversations_searchpiece DROP COLUMN IF EXISTS vector"],
}


def create(connection: BaseDatabaseWrapper) -> None:
    """Create the index. It holds the pieces that are inserted afterwards."""
    _run(connection, _CREATE)


def drop(connection: BaseDatabaseWrapper) -> None:
    """Drop the index; the pieces stay."""
    _run(connection, _DROP)


def _run(connection: BaseDatabaseWrapper, statements: dict[str, list[str]]) -> None:
    with connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement)

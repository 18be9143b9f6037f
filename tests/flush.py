"""Emptying the tables between tests, past the triggers that keep the audit log.

Django's flush deletes every row (SQLite) or truncates (PostgreSQL), which the triggers refuse, as
they should. Here, and only here, they stand aside for the length of that one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connections

from conversations.models import AuditEntry

TABLE = AuditEntry._meta.db_table


@pytest.fixture(scope="session", autouse=True)
def _flush_past_the_triggers(django_db_modify_db_settings: None) -> None:
    """For the class, not for one connection: every thread has its own."""
    operations = type(connections["default"].ops)
    sql_flush = operations.sql_flush

    def sql_flush_unkept(self: Any, style: Any, tables: Sequence[str], **options: Any) -> list[str]:
        statements = sql_flush(self, style, tables, **options)
        if TABLE not in tables:
            return statements
        before, after = _postgresql() if self.connection.vendor == "postgresql" else _sqlite(self)
        return [*before, *statements, *after]

    operations.sql_flush = sql_flush_unkept  # type: ignore[method-assign]


def _postgresql() -> tuple[list[str], list[str]]:
    return (
        [f"ALTER TABLE {TABLE} DISABLE TRIGGER USER"],
        [f"ALTER TABLE {TABLE} ENABLE TRIGGER USER"],
    )


def _sqlite(operations: Any) -> tuple[list[str], list[str]]:
    with operations.connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {TABLE} LIMIT 1")
        if cursor.fetchone() is None:
            return [], []  # no row, no trigger: the schema stays, and open connections with it
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE]
        )
        triggers = cursor.fetchall()
    return [f"DROP TRIGGER {name}" for name, _ in triggers], [sql for _, sql in triggers]

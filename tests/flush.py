"""Let Django empty the audit log between tests.

The triggers of the audit log refuse DELETE and TRUNCATE, which Django's flush uses. They are taken
away for that one transaction.
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
    """Patch the class, because every thread has a connection of its own."""
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
            return (
                [],
                [],
            )  # without rows the triggers need not go, and open connections keep their schema
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE]
        )
        triggers = cursor.fetchall()
    return [f"DROP TRIGGER {name}" for name, _ in triggers], [sql for _, sql in triggers]

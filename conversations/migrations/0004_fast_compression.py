"""PostgreSQL: compress answers with lz4, which writes a long one three times as fast.

The default, pglz, is kept where the server was built without lz4
(docs/decisions/0002-journal-on-postgresql.md).
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

COMPRESS = """
DO $$ BEGIN
    ALTER TABLE conversations_message ALTER parts SET COMPRESSION {};
EXCEPTION WHEN feature_not_supported THEN
    NULL;
END $$
"""


def use_lz4(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(COMPRESS.format("lz4"))


def use_default(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(COMPRESS.format("default"))


class Migration(migrations.Migration):
    dependencies = [("conversations", "0003_preferences")]

    operations = [migrations.RunPython(use_lz4, use_default)]

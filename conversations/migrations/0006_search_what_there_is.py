"""Index the titles and messages that are stored already, in steps."""

from __future__ import annotations

from django.db import migrations

from conversations.indexing import rebuilding


def index(apps, schema_editor):
    tables = rebuilding.Tables(
        *(apps.get_model("conversations", name) for name in ("Conversation", "Message", "SearchPiece")),
        has_temporary=False,
    )
    for step in rebuilding.STEPS:
        last = step(None, tables)
        while last is not None:
            last = step(last, tables)


class Migration(migrations.Migration):
    dependencies = [("conversations", "0005_search_index")]

    operations = [migrations.RunPython(index, migrations.RunPython.noop)]

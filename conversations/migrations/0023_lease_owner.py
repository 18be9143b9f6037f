"""The lease's owner is a process, so it is named apart from the owner of a conversation."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("conversations", "0022_tool_changes")]

    operations = [
        migrations.RenameField(
            model_name="generation",
            old_name="owner",
            new_name="lease_owner",
        ),
    ]

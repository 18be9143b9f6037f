"""Conversations switch single tools, and it is remembered which models call none."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0023_lease_owner")]

    operations = [
        migrations.AddField(
            model_name="conversation",
            name="tool_modes",
            field=models.JSONField(default=dict, editable=False),
        ),
        migrations.AddField(
            model_name="languagemodel",
            name="calls_tools",
            field=models.BooleanField(blank=True, null=True, verbose_name="calls tools"),
        ),
        migrations.AlterField(
            model_name="httptool",
            name="mode",
            field=models.CharField(
                blank=True,
                choices=[
                    ("run", "Runs"),
                    ("once", "Asks once"),
                    ("always", "Always asks"),
                    ("off", "Off"),
                ],
                max_length=10,
                verbose_name="before it runs",
            ),
        ),
    ]

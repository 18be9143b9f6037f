"""The audit log in Django's admin."""

from __future__ import annotations

from django.contrib import admin

from conversations.admin.reading import ReadingAdmin
from conversations.models import AuditEntry


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadingAdmin):
    list_display = ("created", "actor_name", "kind", "person_name", "object_name")
    list_filter = ("kind", "created")
    search_fields = ("actor_name", "person_name", "object_name")
    ordering = ("-id",)
    fields = (
        "created",
        "actor_name",
        "actor_id",
        "kind",
        "person_name",
        "person_id",
        "object_name",
        "object_id",
        "changes",
    )

"""Connections in Django's admin, without any part of their keys."""

from __future__ import annotations

from django.contrib import admin

from conversations.admin.reading import ReadingAdmin
from conversations.models import Connection


@admin.register(Connection)
class ConnectionAdmin(ReadingAdmin):
    settings_url_name = "settings_connections"
    list_display = ("name", "owner", "source", "base_url", "auth_style", "position", "created")
    list_filter = ("source", "auth_style", "created")
    list_select_related = ("owner",)
    search_fields = ("name", "base_url", "owner__name", "owner__email")
    ordering = ("position", "id")
    fields = (
        "name",
        "owner",
        "source",
        "base_url",
        "auth_style",
        "key_expires_at",
        "position",
        "serves_all_models",
        "served_models",
        "is_plain",
        "refuses_stream_options",
        "created",
    )

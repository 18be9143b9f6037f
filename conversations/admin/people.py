"""Users in Django's admin. Settings → People changes them."""

from __future__ import annotations

from django.contrib import admin

from conversations.admin.reading import ReadingAdmin
from conversations.models import User


@admin.register(User)
class PersonAdmin(ReadingAdmin):
    settings_url_name = "settings_people"
    list_display = ("name", "email", "role", "is_active", "last_login", "created")
    list_filter = ("role", "is_active", "created")
    search_fields = ("name", "email")
    ordering = ("name", "id")
    fields = (
        "name",
        "email",
        "role",
        "is_active",
        "language",
        "time_zone",
        "default_model",
        "default_connection",
        "last_login",
        "created",
    )

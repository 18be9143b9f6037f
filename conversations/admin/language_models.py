"""Language models in Django's admin. Settings → Models changes them."""

from __future__ import annotations

from django.contrib import admin

from conversations.admin.reading import ReadingAdmin
from conversations.models import LanguageModel


@admin.register(LanguageModel)
class LanguageModelAdmin(ReadingAdmin):
    settings_url_name = "settings_models"
    list_display = ("name", "display_name", "series", "capability", "is_enabled", "is_default")
    list_filter = ("capability", "is_enabled", "is_documented")
    search_fields = ("name", "display_name", "series")
    ordering = ("position", "name")
    fields = (
        "name",
        "display_name",
        "series",
        "capability",
        "is_documented",
        "is_enabled",
        "is_released",
        "is_plain",
        "is_default",
        "position",
    )

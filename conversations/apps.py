"""The app's configuration."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.apps import apps as current_apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ConversationsConfig(AppConfig):
    """The one app of the project."""

    name = "conversations"
    verbose_name = _("Chatsite")

    def ready(self) -> None:
        """Keep the documented models in the database, also after the tests' flush."""
        post_migrate.connect(_create_documented_models, sender=self)


def _create_documented_models(*, apps: Any = current_apps, using: str, **_signal: object) -> None:
    """Add what is missing to the table, after migrations or a flush (which names no apps)."""
    from conversations.actions import language_models  # noqa: PLC0415 (models are loaded after apps)

    try:
        model = apps.get_model("conversations", "LanguageModel")
    except LookupError:  # migrated back to before the table
        return
    language_models.create_documented(model, using=using)

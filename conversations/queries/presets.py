"""The presets and prompt snippets that a person may use: their own, then the team's."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet

from conversations.models import Preset, Snippet, User


def usable_presets(user: User) -> QuerySet[Preset]:
    """Own ones first, each by name."""
    rows = Preset.objects.filter(Q(owner=user) | Q(owner=None)).select_related("model")
    return rows.order_by(F("owner").asc(nulls_last=True), "name", "id")


def usable_snippets(user: User) -> QuerySet[Snippet]:
    """Own ones first, each by name."""
    rows = Snippet.objects.filter(Q(owner=user) | Q(owner=None))
    return rows.order_by(F("owner").asc(nulls_last=True), "name", "id")

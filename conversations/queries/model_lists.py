"""Models by user: the list of the settings page, and the model of a new chat."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from conversations.models import Conversation, LanguageModel, User
from conversations.models.documented import SERIES_LABELS, series_order

CAPABILITY = LanguageModel.Capability
# A snapshot of a model, such as gpt-4o-2024-05-13 or gpt-4-0613.
_DATED = re.compile(r"-(\d{4}-\d{2}-\d{2}|\d{4}(-preview)?)$")
ADDED = _("Added by your team")
REASONS = {
    CAPABILITY.REALTIME: _("Voice sessions only. Not usable in a text chat."),
    CAPABILITY.SPEECH: _("Reads text aloud. Not usable in a text chat."),
    CAPABILITY.TRANSCRIPTION: _("Turns recordings into text. Not usable in a text chat."),
}


@dataclass(frozen=True, slots=True)
class Series:
    """A series under its label, with its models in the documented order, dated ones last."""

    key: str
    label: str
    models: tuple[LanguageModel, ...]


def in_series(models: Iterable[LanguageModel]) -> tuple[Series, ...]:
    """Return the models by series, newest first; those that the team added come last."""
    by_series: dict[str, list[LanguageModel]] = {key: [] for key in (*series_order(), "")}
    for model in sorted(models, key=lambda row: _DATED.search(row.name) is not None):
        by_series.setdefault(model.series, []).append(model)
    return tuple(
        Series(key=key, label=series_label(key), models=tuple(rows))
        for key, rows in by_series.items()
        if rows
    )


def series_label(series: str) -> str:
    """Return the name of a series in the language of the request."""
    return str(SERIES_LABELS.get(series, series) if series else ADDED)


def usable_models() -> QuerySet[LanguageModel]:
    """Return the rows for which ``LanguageModel.is_usable`` holds."""
    return LanguageModel.objects.filter(is_enabled=True).exclude(
        capability__in=LanguageModel.NOT_FOR_CHAT, is_released=False
    )


def not_for_chat_reason(model: LanguageModel) -> str:
    """Return the reason why the chat endpoint does not serve the model; empty if it does."""
    return "" if model.can_chat else str(REASONS[CAPABILITY(model.capability)])


def default_for(user: User, models: Iterable[LanguageModel] | None = None) -> LanguageModel | None:
    """Return the model of a new chat: the user's default, the team's, or the first usable one."""
    rows = _defaults(user) if models is None else models
    usable = [model for model in rows if model.is_usable]
    ranked = sorted(usable, key=lambda row: (row.pk != user.default_model_id, not row.is_default))
    return ranked[0] if ranked else None


def _defaults(user: User) -> QuerySet[LanguageModel]:
    """Return the chosen defaults, or else the first model, instead of loading all models."""
    chosen = usable_models().filter(Q(pk=user.default_model_id) | Q(is_default=True))
    return chosen or usable_models()[:1]


def find_models(text: str, *, limit: int) -> list[LanguageModel]:
    """Return the usable models whose names contain each word of ``text``."""
    words = text.casefold().split()
    rows = (row for series in in_series(usable_models()) for row in series.models)
    found = (
        row for row in rows if all(word in f"{row.name} {row.label}".casefold() for word in words)
    )
    return list(islice(found, limit))


def asked_next(user: User, conversation: Conversation | None) -> LanguageModel | None:
    """Return the model of the next answer, even if it is no longer offered."""
    if conversation is not None and conversation.model_id is not None:
        return conversation.model
    return default_for(user)

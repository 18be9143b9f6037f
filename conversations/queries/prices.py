"""Prices of models."""

from __future__ import annotations

import datetime

from conversations.database.compiled_queries import CompiledQuery
from conversations.models import LanguageModel, Price

_in_force = CompiledQuery[Price](
    lambda model_id, at: Price.objects.filter(model=model_id, effective_from__lte=at).order_by(
        "-effective_from", "-id"
    )[:1]
)


def price_in_force(model: LanguageModel, at: datetime.datetime) -> Price | None:
    """The version that held for ``model`` at that time; None where nobody had entered one."""
    return _in_force.first(model.pk, at)

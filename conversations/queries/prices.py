"""Prices of models."""

from __future__ import annotations

import datetime
import uuid

from conversations.database.compiled_queries import CompiledQuery
from conversations.models import Price

_in_force = CompiledQuery[Price](
    lambda model_id, at: Price.objects.filter(model=model_id, effective_from__lte=at).order_by(
        "-effective_from", "-id"
    )[:1]
)


def price_in_force(model_id: uuid.UUID, at: datetime.datetime) -> Price | None:
    """Return the version that held for a model at that time; None where none was entered."""
    return _in_force.first(model_id, at)

"""Prices of models: new versions, and planned ones withdrawn."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from conversations.actions import audit
from conversations.database import transactions
from conversations.models import LanguageModel, Price, User
from conversations.queries.prices import price_in_force
from conversations.refusals import Refusal

RATES = ("input_rate", "cached_input_rate", "output_rate")


class PriceInForceError(Refusal):
    """A price in force, or once in force, cannot be removed, because past costs depend on it."""

    code = "price_in_force"


def add(
    model: LanguageModel, *, currency: str, effective_on: datetime.date, actor: User, **rates: Any
) -> Price:
    """Add a price from the beginning of a day in the current zone, or from now if that has begun.

    Earlier calls keep their price.
    """
    midnight = datetime.datetime.combine(effective_on, datetime.time.min)
    begins = max(timezone.make_aware(midnight), timezone.now())
    with transactions.write():
        price = Price.objects.create(
            model=model,
            model_name=model.name,
            currency=currency,
            effective_from=begins,
            **rates,
        )
        _record(audit.Kind.PRICE_ADDED, price, model, actor=actor)
    return price


def add_to_several(
    models: list[LanguageModel], *, currency: str, actor: User, **rates: Any
) -> None:
    """Add a price from now on to each model; a rate for cached input stays, in its currency."""
    with transactions.write():
        for model in models:
            before = price_in_force(model.pk, timezone.now())
            cached = before.cached_input_rate if before and before.currency == currency else None
            today = timezone.localdate()
            rates["cached_input_rate"] = cached
            add(model, currency=currency, effective_on=today, actor=actor, **rates)


def remove(price: Price, *, actor: User) -> None:
    """Withdraw a price that is not yet in force. Raises PriceInForceError."""
    with transactions.write():
        if price.effective_from <= timezone.now():
            raise PriceInForceError
        _record(audit.Kind.PRICE_REMOVED, price, price.model, actor=actor)
        price.delete()


def _record(kind: audit.Kind, price: Price, model: LanguageModel | None, *, actor: User) -> None:
    changes = {name: str(rate) for name in RATES if (rate := getattr(price, name)) is not None}
    changes |= {"currency": price.currency, "effective_from": price.effective_from.isoformat()}
    audit.record(kind, actor=actor, about=model, changes=changes)

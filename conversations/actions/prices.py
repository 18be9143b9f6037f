"""What models cost, as administrators enter it: new versions, and planned ones taken back."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from conversations.actions import audit
from conversations.database import transactions
from conversations.models import LanguageModel, Price, User
from conversations.refusals import Refusal

RATES = ("input_rate", "cached_input_rate", "output_rate")


class PriceInForceError(Refusal):
    """A price that holds, or held, is not removed: what calls cost would be forgotten."""

    code = "price_in_force"


def add(
    model: LanguageModel, *, currency: str, effective_on: datetime.date, actor: User, **rates: Any
) -> Price:
    """Let a price hold from the beginning of a day in the current zone, or from now, if that began.

    Calls that were made keep the price that they had.
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


def remove(price: Price, *, actor: User) -> None:
    """Take back a price that does not hold yet. Raises PriceInForceError."""
    with transactions.write():
        if price.effective_from <= timezone.now():
            raise PriceInForceError
        _record(audit.Kind.PRICE_REMOVED, price, price.model, actor=actor)
        price.delete()


def _record(kind: audit.Kind, price: Price, model: LanguageModel | None, *, actor: User) -> None:
    changes = {name: str(rate) for name in RATES if (rate := getattr(price, name)) is not None}
    changes |= {"currency": price.currency, "effective_from": price.effective_from.isoformat()}
    audit.record(kind, actor=actor, about=model, changes=changes)

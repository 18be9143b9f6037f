"""Prices, and ledgers of random calls."""

from __future__ import annotations

import datetime
import random
from decimal import Decimal

from conversations.models import Connection, LanguageModel, Price, UsageRecord, User
from conversations.queries.usage import TOKENS

NOON = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)
MODELS = ("gpt-5.4", "gpt-4o", "gpt-4.1")


def price(name: str, currency: str, rates: tuple[str, str | None, str]) -> Price:
    """Set the price of a model from NOON on: rates of input, cached input and output."""
    sent, cached, came = rates
    return Price.objects.create(
        model=LanguageModel.objects.get(name=name),
        model_name=name,
        currency=currency,
        input_rate=Decimal(sent),
        cached_input_rate=None if cached is None else Decimal(cached),
        output_rate=Decimal(came),
        effective_from=NOON,
    )


def random_rows(chance: random.Random, people: list[User], count: int) -> list[UsageRecord]:
    """Store ``count`` rows: of any user or a deleted one, at any price or none, at any time."""
    prices = [
        price("gpt-5.4", "USD", ("1.25", "0.125", "10")),
        price("gpt-4o", "CNY", ("0.000001", None, "123456.654321")),
        price("gpt-4.1", "USD", ("0", "3.333333", "0.7")),
        None,
    ]
    through = [Connection.objects.create(name=f"C{n}", base_url="https://a.example") for n in "ab"]
    rows = []
    for _ in range(count):
        person = chance.choice([*people, None])
        link = chance.choice([*through, None])
        name = chance.choice(MODELS)
        tokens = {column: chance.choice((0, chance.randrange(10**7))) for column in TOKENS.values()}
        rows.append(
            UsageRecord(
                purpose=chance.choice(UsageRecord.Purpose.values),
                person=person,
                person_name=str(person) if person else chance.choice(("Gone", "Left")),
                connection=link,
                connection_name=link.name if link else "Old",
                model=LanguageModel.objects.get(name=name),
                model_name=name,
                price=chance.choice(prices),
                is_estimated=chance.random() < 0.3,
                created=NOON + datetime.timedelta(hours=chance.uniform(-40 * 24, 5 * 24)),
                **tokens,
            )
        )
    return UsageRecord.objects.bulk_create(rows)

"""Sums of the ledger: exact, and in a constant number of queries."""

from __future__ import annotations

import datetime
import random
import zoneinfo
from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conversations.models import Connection, UsageRecord, User
from conversations.queries.usage import TOKENS, Amount, Grouping, Scope, lines, sum_of
from tests.queries.ledger import NOON, price, random_rows

pytestmark = pytest.mark.django_db
SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")


def scope(person: User | None = None, *, days: int = 40, zone: datetime.tzinfo = SHANGHAI) -> Scope:
    until = datetime.date(2026, 11, 25)
    return Scope(person, until - datetime.timedelta(days - 1), until, zone)


def expected(rows: Iterable[UsageRecord]) -> tuple[Counter[str], dict[str, Fraction]]:
    """Return the same sums, computed row by row in fractions."""
    tokens: Counter[str] = Counter()
    costs: dict[str, Fraction] = {}
    for row in rows:
        tokens.update({name: getattr(row, column) for name, column in TOKENS.items()})
        tokens.update(calls=1, estimated=row.is_estimated, unpriced=row.price is None)
        if row.price is None:
            continue
        sent, came = Fraction(row.price.input_rate), Fraction(row.price.output_rate)
        rate = row.price.cached_input_rate
        cached = min(row.cached_tokens, row.prompt_tokens)
        cost = sent * (row.prompt_tokens - cached) + came * row.completion_tokens
        cost += cached * (sent if rate is None else Fraction(rate))
        currency = row.price.currency
        costs[currency] = costs.get(currency, Fraction(0)) + cost / 10**6
    return tokens, costs


def assert_same(amount: Amount, rows: list[UsageRecord]) -> None:
    tokens, costs = expected(rows)
    assert {name: getattr(amount, name) for name in tokens} == dict(tokens)
    assert {name: Fraction(cost) for name, cost in amount.costs.items()} == costs


@pytest.mark.parametrize("seed", range(5))
def test_every_sum_equals_the_ledger(alice: User, bob: User, seed: int) -> None:
    rows = random_rows(random.Random(seed), [alice, bob], 150)
    for person in (None, alice):
        for zone in (SHANGHAI, datetime.UTC):
            asked = scope(person, days=20, zone=zone)
            meant = [
                row
                for row in rows
                if asked.since <= row.created.astimezone(zone).date() <= asked.until
                and (person is None or row.person == person)
            ]
            assert 10 < len(meant) < len(rows)
            for kind in Grouping:
                assert_same(sum_of(lines(asked, kind)), meant)


def test_each_line_holds_its_own_calls(alice: User, bob: User) -> None:
    rows = random_rows(random.Random(7), [alice, bob], 120)
    own: dict[Grouping, Callable[[UsageRecord], Any]] = {
        Grouping.DAY: lambda row: row.created.astimezone(SHANGHAI).date(),
        Grouping.MODEL: lambda row: row.model_name,
        Grouping.CONNECTION: lambda row: row.connection_id or row.connection_name,
        Grouping.PERSON: lambda row: row.person_id or row.person_name,
        Grouping.PURPOSE: lambda row: row.purpose,
    }
    for kind, key_of in own.items():
        found = lines(scope(days=60), kind)
        assert {line.key for line in found} == {key_of(row) for row in rows}
        for line in found:
            assert_same(line.amount, [row for row in rows if key_of(row) == line.key])


def test_a_day_is_one_of_the_persons_zone(alice: User) -> None:
    late = datetime.datetime(2026, 11, 24, 16, 30, tzinfo=datetime.UTC)  # 25 November in Shanghai
    UsageRecord.objects.create(purpose="chat", person=alice, model_name="m", created=late)
    [line] = lines(scope(alice, days=1), Grouping.DAY)
    assert line.key == datetime.date(2026, 11, 25)
    assert lines(scope(alice, days=1, zone=datetime.UTC), Grouping.DAY) == []


def test_who_and_what_has_a_new_name_is_one_line(alice: User) -> None:
    link = Connection.objects.create(name="Now", base_url="https://a.example", owner=alice)
    for then in ("Before", "Long before"):
        UsageRecord.objects.create(
            purpose="chat",
            person=alice,
            person_name=then,
            connection=link,
            connection_name=then,
            model_name="m",
            created=NOON,
        )
    [person] = lines(scope(), Grouping.PERSON)
    assert (person.label, person.amount.calls) == ("Alice", 2)
    [through] = lines(scope(), Grouping.CONNECTION)
    assert (through.label, through.owner) == ("Now", "Alice")


def test_what_is_gone_keeps_its_name(alice: User, bob: User) -> None:
    for name in ("Ann", "Ben"):
        UsageRecord.objects.create(
            purpose="title", person_name=name, connection_name="Old", model_name="m", created=NOON
        )
    assert {line.label for line in lines(scope(), Grouping.PERSON)} == {"Ann", "Ben"}
    assert [line.label for line in lines(scope(), Grouping.CONNECTION)] == ["Old"]
    assert lines(scope(alice), Grouping.PERSON) == []


def test_no_currency_is_added_to_another(alice: User) -> None:
    for currency in ("USD", "EUR", "USD"):
        UsageRecord.objects.create(
            purpose="chat",
            person=alice,
            model_name="gpt-5.4",
            prompt_tokens=1,
            total_tokens=1,
            created=NOON,
            price=price("gpt-5.4", currency, ("0.000001", None, "1")),
        )
    whole = sum_of(lines(scope(), Grouping.MODEL))
    assert whole.costs == {"USD": Decimal("2E-12"), "EUR": Decimal("1E-12")}


def test_more_rows_need_no_more_queries(alice: User, bob: User) -> None:
    random_rows(random.Random(1), [alice], 3)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            for kind in Grouping:
                lines(scope(), kind)
        return len(queries)

    few = count()
    random_rows(random.Random(2), [alice, bob], 100)
    assert count() == few <= 2 * len(Grouping)


def test_an_empty_ledger_is_nothing(alice: User) -> None:
    assert sum_of(lines(scope(alice), Grouping.MODEL)) == Amount()

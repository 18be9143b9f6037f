"""Sums of the ledger by day, model, connection, user and purpose."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from enum import StrEnum
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Least, TruncDate
from django.utils import timezone

from conversations.models import Price, UsageRecord, User
from conversations.models.prices import EXACT

# Columns of the ledger by their names on a page.
TOKENS = {
    "prompt": "prompt_tokens",
    "cached": "cached_tokens",
    "completion": "completion_tokens",
    "reasoning": "reasoning_tokens",
    "total": "total_tokens",
}
_SUMS: dict[str, Any] = {
    "calls": Count("id"),
    "estimated": Count("id", filter=Q(is_estimated=True)),
    # Some upstreams report more cached tokens than prompt tokens; the cost counts the prompt.
    "charged_cached": Sum(Least("cached_tokens", "prompt_tokens")),
    **{name: Sum(column) for name, column in TOKENS.items()},
}


class Grouping(StrEnum):
    """The columns that the ledger can be grouped by."""

    DAY = "day"
    MODEL = "model"
    CONNECTION = "connection"
    PERSON = "person"
    PURPOSE = "purpose"


# The columns that identify a line: its id, its name when it was recorded, and its name now.
_FIELDS: Mapping[Grouping, Sequence[str]] = {
    Grouping.DAY: ("day",),
    Grouping.MODEL: ("model_name", "model__display_name"),
    Grouping.CONNECTION: (
        "connection_id",
        "connection_name",
        "connection__name",
        "connection__owner__name",
    ),
    Grouping.PERSON: ("person_id", "person_name", "person__name", "person__email"),
    Grouping.PURPOSE: ("purpose",),
}
# The first of these that is not empty is the label.
_LABELS = (
    "model__display_name",
    "model_name",
    "connection__name",
    "connection_name",
    "person__name",
    "person__email",
    "person_name",
    "purpose",
    "day",
)


@dataclass(frozen=True, slots=True)
class Scope:
    """A selection of calls: of one user or all (None), from day to day in a time zone."""

    person: User | None
    since: datetime.date
    until: datetime.date
    zone: datetime.tzinfo

    @property
    def days(self) -> list[datetime.date]:
        """All days of the selection."""
        count = (self.until - self.since).days + 1
        return [self.since + datetime.timedelta(number) for number in range(count)]


@dataclass(slots=True)
class Amount:
    """The tokens of some calls, and their exact ``costs`` by currency."""

    calls: int = 0
    prompt: int = 0
    cached: int = 0
    completion: int = 0
    reasoning: int = 0
    total: int = 0
    estimated: int = 0
    unpriced: int = 0
    costs: dict[str, Decimal] = field(default_factory=dict)

    def add(self, other: Amount) -> None:
        """Add the tokens and costs of other calls; currencies stay apart."""
        for name in ("calls", *TOKENS, "estimated", "unpriced"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        with localcontext() as context:
            context.prec = EXACT
            for currency, cost in other.costs.items():
                self.costs[currency] = self.costs.get(currency, Decimal(0)) + cost


@dataclass(frozen=True, slots=True)
class Line:
    """A day, model, connection, user or purpose, identified by ``key``; "" stands for nobody.

    ``names`` has the columns of _FIELDS.
    """

    key: Any
    names: Mapping[str, Any]
    amount: Amount

    @property
    def label(self) -> str:
        """The current name, or the recorded one if the row is gone."""
        return next((str(name) for name in map(self.names.get, _LABELS) if name), "")

    @property
    def owner(self) -> str:
        """The owner of the connection; "" for the team's and for deleted ones."""
        return self.names.get("connection__owner__name") or ""


def records(scope: Scope) -> QuerySet[UsageRecord]:
    """Return the rows of the selection."""
    rows = UsageRecord.objects.filter(
        created__gte=_midnight(scope.since, scope.zone),
        created__lt=_midnight(scope.until + datetime.timedelta(1), scope.zone),
    )
    return rows if scope.person is None else rows.filter(person=scope.person)


def lines(scope: Scope, kind: Grouping) -> list[Line]:
    """Return the ledger grouped by ``kind``: days in order, others by tokens; two queries."""
    rows = records(scope).annotate(day=TruncDate("created", tzinfo=scope.zone))
    groups = list(rows.values(*_FIELDS[kind], "price_id").annotate(**_SUMS).order_by())
    found: dict[Any, Line] = {}
    for group, amount in zip(groups, _amounts(groups), strict=True):
        key = _key(kind, group)
        names = {name: group[name] for name in _FIELDS[kind]}
        found.setdefault(key, Line(key, names, Amount())).amount.add(amount)
    if kind is Grouping.DAY:
        return sorted(found.values(), key=lambda line: line.key)
    return sorted(found.values(), key=lambda line: (-line.amount.total, str(line.key)))


def sum_of(parts: Iterable[Line]) -> Amount:
    """Return the sum of the lines."""
    whole = Amount()
    for line in parts:
        whole.add(line.amount)
    return whole


def ledger(scope: Scope, after: UsageRecord | None, limit: int) -> list[UsageRecord]:
    """Return the next rows, oldest first."""
    rows = records(scope).select_related("price").order_by("created", "id")
    if after is not None:
        later = Q(created__gt=after.created) | Q(created=after.created, id__gt=after.id)
        rows = rows.filter(later)
    return list(rows[:limit])


def cost_of(row: UsageRecord) -> Decimal | None:
    """Return the cost of a call; None where no price was known."""
    if row.price is None:
        return None
    return row.price.cost(
        prompt=row.prompt_tokens, cached=row.cached_tokens, completion=row.completion_tokens
    )


def _amounts(groups: Sequence[Mapping[str, Any]]) -> Iterator[Amount]:
    """Yield each group's amount. Costs are added here: SQLite adds decimals as floats."""
    prices = Price.objects.in_bulk({group["price_id"] for group in groups} - {None})
    for group in groups:
        amount = Amount(**{name: group[name] for name in ("calls", *TOKENS, "estimated")})
        price = prices.get(group["price_id"])
        if price is None:
            amount.unpriced = amount.calls
        else:
            amount.costs[price.currency] = price.cost(
                prompt=amount.prompt,
                cached=group["charged_cached"],
                completion=amount.completion,
            )
        yield amount


def _key(kind: Grouping, group: Mapping[str, Any]) -> Any:
    """Return the id of an existing row, or the name of a deleted one."""
    if kind in {Grouping.CONNECTION, Grouping.PERSON}:
        return group[f"{kind}_id"] or group[f"{kind}_name"]
    return group[_FIELDS[kind][0]]


def _midnight(day: datetime.date, zone: datetime.tzinfo) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min), zone)

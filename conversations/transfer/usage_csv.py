"""Usage as CSV: what a page adds up, and the ledger itself, call by call.

Numbers and times are for programs: no separators, UTC, exact decimals. The names of columns stay.
"""

from __future__ import annotations

import datetime
from collections.abc import AsyncIterator, Iterable, Sequence

from conversations.database import threads
from conversations.models import UsageRecord
from conversations.queries import usage
from conversations.queries.usage import TOKENS, Grouping, Line, Scope
from conversations.transfer.csv_text import BOM, csv_text

CONTENT_TYPE = "text/csv; charset=utf-8"
# Calls in a piece of the ledger.
PAGE = 1000
_NAMES: dict[Grouping, dict[str, str]] = {
    Grouping.DAY: {"day": "day"},
    Grouping.MODEL: {"model": "model_name", "display_name": "model__display_name"},
    Grouping.CONNECTION: {"connection": "", "owner": "connection__owner__name"},
    Grouping.PERSON: {"person": "", "email": "person__email"},
    Grouping.PURPOSE: {"purpose": "purpose"},
}
_LEDGER = (
    "time",
    "purpose",
    "person",
    "model",
    "connection",
    "conversation_id",
    "generation_id",
    *TOKENS.values(),
    "is_estimated",
    "price_id",
    "currency",
    "cost",
)


def sums(kind: Grouping, lines: Sequence[Line]) -> str:
    """A line for each, with a column for the cost in each currency."""
    currencies = sorted({currency for line in lines for currency in line.amount.costs})
    head = [
        *_NAMES[kind],
        "calls",
        *TOKENS.values(),
        "estimated_calls",
        "unpriced_calls",
        *(f"cost_{currency}" for currency in currencies),
    ]
    return BOM + csv_text([head, *(_sums_row(kind, line, currencies) for line in lines)])


async def ledger(scope: Scope) -> AsyncIterator[str]:
    """Every call, the oldest first, in pieces: each is one short read."""
    yield BOM + csv_text([_LEDGER])
    last: UsageRecord | None = None
    while rows := await threads.run_read(usage.ledger, scope, last, PAGE):
        yield csv_text(map(_ledger_row, rows))
        last = rows[-1]


def _sums_row(kind: Grouping, line: Line, currencies: Iterable[str]) -> list[object]:
    amount = line.amount
    return [
        *(line.names[column] if column else line.label for column in _NAMES[kind].values()),
        amount.calls,
        *(getattr(amount, name) for name in TOKENS),
        amount.estimated,
        amount.unpriced,
        *(amount.costs.get(currency) for currency in currencies),
    ]


def _ledger_row(row: UsageRecord) -> list[object]:
    return [
        row.created.astimezone(datetime.UTC).isoformat(),
        row.purpose,
        row.person_name,
        row.model_name,
        row.connection_name,
        row.conversation_id,
        row.generation_id,
        *(getattr(row, column) for column in TOKENS.values()),
        str(row.is_estimated).lower(),
        row.price_id,
        row.price.currency if row.price else None,
        usage.cost_of(row),
    ]

"""Costs of runs, at the prices that applied when they were made."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property

from conversations.database.compiled_queries import CompiledQuery
from conversations.models import Message, UsageRecord
from conversations.queries.usage import cost_of

# Amounts by currency, because currencies are never added together.
Amounts = dict[str, Decimal]


_priced_calls = CompiledQuery[UsageRecord](
    lambda runs: (
        UsageRecord.objects.filter(generation__in=runs, price__isnull=False)
        .select_related("price")
        .order_by("id")
    )
)


class Costs:
    """The costs of the runs of some messages, loaded in one query at the first use.

    Costs never change afterwards, so a cached article needs no query.
    """

    def __init__(self, messages: Iterable[Message] = ()) -> None:
        self._messages = messages

    def of(self, runs: Iterable[uuid.UUID]) -> Amounts:
        """Return the sum for some runs, by currency; empty where no price was known."""
        return sum_of(call for run_id in runs for call in self._calls.get(run_id, ()))

    @cached_property
    def _calls(self) -> dict[uuid.UUID | None, list[UsageRecord]]:
        runs = [run.pk for message in self._messages for run in message.generations.all()]
        found: defaultdict[uuid.UUID | None, list[UsageRecord]] = defaultdict(list)
        for row in _priced_calls(runs):
            found[row.generation_id].append(row)
        return found


def sum_of(calls: Iterable[UsageRecord]) -> Amounts:
    """Return the sum of the calls' costs by currency; empty where no price was known."""
    costs: Amounts = {}
    for call in calls:
        if call.price is not None and (cost := cost_of(call)) is not None:
            costs[call.price.currency] = costs.get(call.price.currency, Decimal(0)) + cost
    return costs

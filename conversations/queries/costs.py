"""What the runs of answers cost, by the prices that held when they were made."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property

from conversations.database.compiled_queries import CompiledQuery
from conversations.models import Message, UsageRecord
from conversations.queries.usage import cost_of

# By currency: none is added to another.
Amounts = dict[str, Decimal]


_priced_calls = CompiledQuery[UsageRecord](
    lambda runs: (
        UsageRecord.objects.filter(generation__in=runs, price__isnull=False)
        .select_related("price")
        .order_by("id")
    )
)


class Costs:
    """What the runs of some messages cost, read in one query when one is first asked for.

    It cannot change any more, so an article that was drawn once needs no question.
    """

    def __init__(self, messages: Iterable[Message] = ()) -> None:
        self._messages = messages

    def of(self, runs: Iterable[uuid.UUID]) -> Amounts:
        """What these cost together; nothing where no price was known."""
        return sum_of(call for run_id in runs for call in self._calls.get(run_id, ()))

    @cached_property
    def _calls(self) -> dict[uuid.UUID | None, list[UsageRecord]]:
        runs = [run.pk for message in self._messages for run in message.generations.all()]
        found: defaultdict[uuid.UUID | None, list[UsageRecord]] = defaultdict(list)
        for row in _priced_calls(runs):
            found[row.generation_id].append(row)
        return found


def sum_of(calls: Iterable[UsageRecord]) -> Amounts:
    """What the calls cost together; nothing where no price was known."""
    costs: Amounts = {}
    for call in calls:
        if call.price is not None and (cost := cost_of(call)) is not None:
            costs[call.price.currency] = costs.get(call.price.currency, Decimal(0)) + cost
    return costs

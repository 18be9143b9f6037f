"""The usage of a request whose process was killed: an estimate, because no response told it."""

from __future__ import annotations

from django.db.models import Sum

from conversations.generation.records import ledger
from conversations.generation.request.token_estimate import count_tokens, tokens_written
from conversations.models import Generation, UsageRecord
from conversations.queries.paths import path_to
from conversations.upstream.answer.answer import Answer, from_json


def record_call(run: Generation) -> None:
    """Add a row for the request that was cut off, where any of its response was stored.

    The text before it, from rounds or runs that ended, is in the ledger already. Inside the
    transaction that marks the run as interrupted.
    """
    message = run.message
    before = UsageRecord.objects.filter(generation__message=message)
    known = before.aggregate(known=Sum("completion_tokens"))["known"] or 0
    completion = tokens_written(Answer(from_json(message.parts))) - known
    if completion <= 0:
        return
    prompt = sum(count_tokens(each.text) for each in path_to(message.parent_id))
    figures = {"prompt_tokens": prompt, "completion_tokens": completion}
    ledger.record_answer(run, {**figures, "is_usage_estimated": True})

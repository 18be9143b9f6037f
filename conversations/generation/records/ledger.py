"""The ledger of calls to upstreams. Inside the transaction that records what a call brought."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from conversations.database.compiled_queries import CompiledQuery
from conversations.models import (
    Connection,
    Conversation,
    Generation,
    LanguageModel,
    Price,
    UsageRecord,
)
from conversations.queries.prices import price_in_force

_with_its_rows = CompiledQuery[Generation](
    lambda pk: Generation.objects.filter(pk=pk).only("model_id", "connection_id")
)
KINDS = ("prompt", "completion", "total", "reasoning", "cached")


def record_answer(
    generation: Generation,
    columns: Mapping[str, Any],
    *,
    purpose: UsageRecord.Purpose = UsageRecord.Purpose.CHAT,
    made_at: datetime.datetime | None = None,
) -> None:
    """A row for a call of a run, with its tokens (accounts.py); ``made_at``: not at its start."""
    # The run's own row forgets them when they are deleted.
    kept = _with_its_rows.first(generation.pk)
    _add(
        purpose=purpose,
        conversation=generation.message.conversation,
        generation=generation,
        model=generation.model if kept and kept.model_id else None,
        model_name=generation.model_name,
        connection=generation.connection if kept and kept.connection_id else None,
        connection_name=generation.connection_name,
        made_at=made_at or generation.started_at,
        **_tokens(columns),
    )


def record_call(
    columns: Mapping[str, Any],
    *,
    purpose: UsageRecord.Purpose,
    generation: Generation,
    model: LanguageModel,
    connection: Connection,
    made_at: datetime.datetime,
) -> None:
    """A row for a call that a run made to another model than its own."""
    record(
        purpose=purpose,
        conversation=generation.message.conversation,
        generation=generation,
        model=model,
        model_name=model.name,
        connection=connection,
        connection_name=connection.name,
        made_at=made_at,
        **_tokens(columns),
    )


def record(
    *,
    conversation: Conversation,
    model: LanguageModel | None,
    connection: Connection | None,
    made_at: datetime.datetime | None = None,
    **columns: Any,
) -> None:
    """Add a row; what was asked belongs to the conversation's person.

    Any of the rows may have been deleted while the call was on its way: then their names are left.
    The price is the one that held when the call was made, at ``made_at`` or just now.
    """
    _add(
        conversation=conversation,
        model=_existing(LanguageModel, model),
        connection=_existing(Connection, connection),
        made_at=made_at,
        **columns,
    )


def _add(
    *,
    conversation: Conversation,
    model: LanguageModel | None,
    connection: Connection | None,
    made_at: datetime.datetime | None,
    **columns: Any,
) -> None:
    made_at = made_at or timezone.now()
    person = conversation.owner
    UsageRecord.objects.create(
        conversation=conversation,
        person=person,
        person_name=str(person),
        created=made_at,
        model=model,
        connection=connection,
        price=_price(model, connection, made_at),
        **columns,
    )


def _tokens(columns: Mapping[str, Any]) -> dict[str, Any]:
    tokens = {f"{kind}_tokens": columns.get(f"{kind}_tokens") or 0 for kind in KINDS}
    # Some upstreams leave the sum out.
    tokens["total_tokens"] = (
        tokens["total_tokens"] or tokens["prompt_tokens"] + tokens["completion_tokens"]
    )
    return {**tokens, "is_estimated": columns.get("is_usage_estimated", False)}


def _price(
    model: LanguageModel | None, connection: Connection | None, at: datetime.datetime
) -> Price | None:
    """What the model cost then; the demo asks no model, and costs nothing."""
    if model is None or (connection is not None and connection.is_demo):
        return None
    return price_in_force(model, at)


def _existing(kind: type[Any], row: Any) -> Any:
    return row if row is not None and kind.objects.filter(pk=row.pk).exists() else None

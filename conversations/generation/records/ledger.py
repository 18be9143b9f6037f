"""The ledger: a row for each request to an upstream, written with what the request brought."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.utils import timezone

from conversations.generation.api_calls import Tokens
from conversations.models import (
    Connection,
    Conversation,
    Generation,
    LanguageModel,
    Price,
    UsageRecord,
)
from conversations.queries.prices import price_in_force

Purpose = UsageRecord.Purpose
KINDS = ("prompt", "completion", "total", "reasoning", "cached")


def record_answer(
    run: Generation,
    tokens: Tokens,
    *,
    purpose: Purpose = Purpose.CHAT,
    made_at: datetime.datetime | None = None,
) -> None:
    """Add a row for a request of a run to its own model, made at its start or at ``made_at``.

    ``run`` was read in this transaction, with its connection, conversation and owner, so that it
    names no model or connection that is deleted.
    """
    _add(
        purpose=purpose,
        conversation=run.message.conversation,
        generation=run,
        model_id=run.model_id,
        model_name=run.model_name,
        connection=run.connection,
        connection_name=run.connection_name,
        made_at=made_at or run.started_at or timezone.now(),
        tokens=tokens,
    )


def record_call(
    conversation: Conversation,
    tokens: Tokens,
    *,
    purpose: Purpose,
    model: LanguageModel,
    connection: Connection,
    made_at: datetime.datetime,
    generation: Generation | None = None,
) -> None:
    """Add a row for a request to a model that was chosen when the request was made.

    Model and connection may have been deleted since: then their names are left.
    """
    is_there = Connection.objects.filter(pk=connection.pk).exists()
    _add(
        purpose=purpose,
        conversation=conversation,
        generation=generation,
        model_id=model.pk if LanguageModel.objects.filter(pk=model.pk).exists() else None,
        model_name=model.name,
        connection=connection if is_there else None,
        connection_name=connection.name,
        made_at=made_at,
        tokens=tokens,
    )


def _add(
    *,
    conversation: Conversation,
    model_id: uuid.UUID | None,
    connection: Connection | None,
    made_at: datetime.datetime,
    tokens: Tokens,
    **columns: Any,
) -> None:
    owner = conversation.owner
    UsageRecord.objects.create(
        conversation=conversation,
        person=owner,
        person_name=str(owner),
        created=made_at,
        model_id=model_id,
        connection=connection,
        price=_price(model_id, connection, made_at),
        **_columns_of(tokens),
        **columns,
    )


def _columns_of(tokens: Tokens) -> dict[str, Any]:
    columns = {f"{kind}_tokens": tokens.get(f"{kind}_tokens") or 0 for kind in KINDS}
    # Some upstreams leave the sum out.
    columns["total_tokens"] = (
        columns["total_tokens"] or columns["prompt_tokens"] + columns["completion_tokens"]
    )
    return {**columns, "is_estimated": tokens.get("is_usage_estimated", False)}


def _price(
    model_id: uuid.UUID | None, connection: Connection | None, at: datetime.datetime
) -> Price | None:
    """Return the price of the model at that time; the demo asks no model, and costs nothing."""
    if model_id is None or (connection is not None and connection.is_demo):
        return None
    return price_in_force(model_id, at)

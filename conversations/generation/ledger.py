"""The ledger of calls to upstreams. Inside the transaction that records what a call brought."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conversations.models import Connection, Conversation, Generation, LanguageModel, UsageRecord

KINDS = ("prompt", "completion", "total", "reasoning", "cached")


def record_answer(generation: Generation, columns: Mapping[str, Any]) -> None:
    """A row for a run; ``columns`` are those of the generation (accounts.py)."""
    tokens = {f"{kind}_tokens": columns.get(f"{kind}_tokens") or 0 for kind in KINDS}
    record(
        purpose=UsageRecord.Purpose.CHAT,
        conversation=generation.message.conversation,
        generation=generation,
        model=generation.model,
        model_name=generation.model_name,
        connection=generation.connection,
        connection_name=generation.connection_name,
        is_estimated=columns.get("is_usage_estimated", False),
        **tokens,
    )


def record(
    *,
    conversation: Conversation,
    model: LanguageModel | None,
    connection: Connection | None,
    **columns: Any,
) -> None:
    """Add a row; what was asked belongs to the conversation's person.

    Any of the rows may have been deleted while the call was on its way: then their names are left.
    """
    rows: dict[str, Any] = {
        "model": _existing(LanguageModel, model),
        "connection": _existing(Connection, connection),
    }
    person = conversation.owner
    UsageRecord.objects.create(
        conversation=conversation, person=person, person_name=str(person), **rows, **columns
    )


def _existing(kind: type[Any], row: Any) -> Any:
    return row if row is not None and kind.objects.filter(pk=row.pk).exists() else None

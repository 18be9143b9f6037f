"""The columns of a Generation that tell how its run went: usage, timing, its end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from conversations.generation.api_calls import Tokens
from conversations.models import Generation
from conversations.upstream.answer.answer import Answer
from conversations.upstream.answer.parts import ToolCallPart
from conversations.upstream.body.outcome import Outcome
from conversations.upstream.errors import ErrorKind, UpstreamError

# A column takes this many seconds at most, because dates end in the year 9999.
LONGEST_RETRY = timedelta(days=365).total_seconds()


@dataclass(frozen=True, slots=True)
class RunResult:
    """The end of a run's work: an error, a stop, calls that wait for approval, or its own end.

    ``outcome`` is that of its last request, ``tokens`` what all of its requests took.
    """

    outcome: Outcome
    error: UpstreamError | None = None
    stopped_as: str = ""
    waiting: Sequence[ToolCallPart] = ()
    first_delta_at: datetime | None = None
    tokens: Iterable[Tokens] = ()


def status_of(result: RunResult, answer: Answer) -> tuple[str, UpstreamError | None]:
    """Return the status at the end of a run, and the error that its page explains.

    A response is complete if it said so itself, by a finish_reason or [DONE]; a stream that just
    ends is interrupted, with its text kept. An answer without text, tool calls or images is an
    error.
    """
    if result.error is not None:
        return Generation.Status.FAILED, result.error
    if result.stopped_as:
        return result.stopped_as, None
    if result.waiting:
        return Generation.Status.AWAITING_APPROVAL, None
    if not result.outcome.is_complete:
        return Generation.Status.INTERRUPTED, None
    if answer.is_empty and not answer.step_parts:
        return Generation.Status.FAILED, UpstreamError(ErrorKind.EMPTY_ANSWER)
    return Generation.Status.COMPLETED, None


def columns_for(result: RunResult, error: UpstreamError | None) -> dict[str, Any]:
    """Return the columns for a result and the error that ``status_of`` found."""
    columns: dict[str, Any] = {"first_delta_at": result.first_delta_at}
    columns |= _outcome_columns(result.outcome)
    if error is not None:
        columns |= _error_columns(error)
    return columns | total(result.tokens)


def total(tokens: Iterable[Tokens]) -> dict[str, Any]:
    """Add up what calls took; a figure that one of them does not tell is that of the others."""
    added: dict[str, Any] = {}
    for one in tokens:
        added |= {name: _sum(added.get(name), value) for name, value in one.items()}
    return added


def _sum(one: Any, other: Any) -> Any:
    if one is None or other is None:
        return other if one is None else one
    return one or other if isinstance(one, bool) else one + other


def _outcome_columns(outcome: Outcome) -> dict[str, Any]:
    return {
        "finish_reason": (outcome.finish_reason or "")[:100],
        "request_id": (outcome.request_id or outcome.response_id)[:200],
        "answering_model": outcome.model[:200],
        "retries": outcome.retries,
    }


def _error_columns(error: UpstreamError) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "error_kind": error.kind.value,
        "error_status": error.status,
        "error_detail": error.detail,
    }
    if error.request_id:
        columns["request_id"] = error.request_id[:200]
    if error.retry_after is not None:
        wait = timedelta(seconds=min(error.retry_after, LONGEST_RETRY))
        columns["retry_at"] = timezone.now() + wait
    return columns

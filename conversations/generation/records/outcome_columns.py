"""What is recorded of a run beside its text: usage, timing, how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from conversations.generation.request.context import prompt_text
from conversations.generation.request.token_estimate import count_tokens
from conversations.models import Generation
from conversations.upstream.answer.answer import Answer
from conversations.upstream.answer.parts import ToolCallPart
from conversations.upstream.body.outcome import Outcome
from conversations.upstream.errors import ErrorKind, UpstreamError
from conversations.upstream.request import ChatRequest

Usage = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RunResult:
    """How reading an answer ended: stopped, with an error, or by itself.

    ``usage`` is what its last call took, ``spent`` what all calls before that did.
    """

    outcome: Outcome
    error: UpstreamError | None
    stopped_as: str
    first_delta_at: datetime | None
    usage: Usage
    spent: Usage
    is_waiting: bool = False


def status_of(result: RunResult, answer: Answer) -> tuple[str, UpstreamError | None]:
    """The terminal status, and the error that the page explains.

    Complete is what said so itself, by a finish_reason or [DONE]; a stream that just ends is
    interrupted, with its text kept (architecture § 4.11). An answer without words,
    calls or pictures is an error.
    """
    if result.error is not None:
        return Generation.Status.FAILED, result.error
    if result.stopped_as:
        return result.stopped_as, None
    if result.is_waiting:
        return Generation.Status.AWAITING_APPROVAL, None
    if not result.outcome.is_complete:
        return Generation.Status.INTERRUPTED, None
    if answer.is_empty and not answer.step_parts:
        return Generation.Status.FAILED, UpstreamError(ErrorKind.EMPTY_ANSWER)
    return Generation.Status.COMPLETED, None


def columns_for(result: RunResult, error: UpstreamError | None) -> dict[str, Any]:
    """The columns of the generation that tell how it went."""
    columns: dict[str, Any] = {"first_delta_at": result.first_delta_at}
    columns |= _outcome_columns(result.outcome)
    if error is not None:
        columns |= _error_columns(error)
    return columns | add(result.spent, result.usage)


def add(spent: Usage, usage: Usage) -> dict[str, Any]:
    """What two calls took together; a figure that one of them does not tell is the other's."""
    names = [*spent, *(name for name in usage if name not in spent)]
    return {name: _sum(spent.get(name), usage.get(name)) for name in names}


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
        # A far date is as good as never, and dates end in the year 9999.
        wait = min(error.retry_after, timedelta(days=365).total_seconds())
        columns["retry_at"] = timezone.now() + timedelta(seconds=wait)
    return columns


def said_tokens(answer: Answer) -> int:
    """About how many tokens the model has written, calls of tools among them."""
    called = "".join(part.arguments for part in answer.step_parts if isinstance(part, ToolCallPart))
    return sum(map(count_tokens, (answer.text, answer.reasoning, called)))


def usage_of(
    request: ChatRequest, outcome: Outcome, answer: Answer, *, prior_tokens: int
) -> dict[str, Any]:
    """The upstream's figures where it gave any, else our estimate, marked as one.

    ``prior_tokens``: about how many the answer had before this call (``said_tokens``).
    """
    usage = outcome.usage
    if usage is not None and usage.completion is not None:
        return {
            "prompt_tokens": usage.prompt,
            "completion_tokens": usage.completion,
            "total_tokens": usage.total,
            "reasoning_tokens": usage.reasoning,
            "cached_tokens": usage.cached,
        }
    figures: Mapping[str, int] = {
        "prompt_tokens": count_tokens(prompt_text(request)),
        "completion_tokens": max(said_tokens(answer) - prior_tokens, 0),
    }
    return {**figures, "total_tokens": sum(figures.values()), "is_usage_estimated": True}

"""What is recorded of a run beside its text: usage, timing, how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from conversations.generation.context import prompt_text
from conversations.generation.estimate import count_tokens
from conversations.models import Generation
from conversations.upstream.errors import ErrorKind, UpstreamError
from conversations.upstream.outcome import Outcome
from conversations.upstream.parts import Answer
from conversations.upstream.request import ChatRequest


@dataclass(frozen=True, slots=True)
class Result:
    """How reading an answer ended: stopped, with an error, or by itself.

    ``prior_tokens``: about how many the message had before, when this run continues it.
    """

    request: ChatRequest | None
    outcome: Outcome
    error: UpstreamError | None
    stopped_as: str
    prior_tokens: int
    first_delta_at: datetime | None


def status_of(result: Result, answer: Answer) -> tuple[str, UpstreamError | None]:
    """The terminal status, and the error that the page explains.

    Complete is what said so itself, by a finish_reason or [DONE]; a stream that just ends is
    interrupted, with its text kept (architecture § 4.11). An answer without any text is an error.
    """
    if result.error is not None:
        return Generation.Status.FAILED, result.error
    if result.stopped_as:
        return result.stopped_as, None
    if not result.outcome.is_complete:
        return Generation.Status.INTERRUPTED, None
    if answer.is_empty:
        return Generation.Status.FAILED, UpstreamError(ErrorKind.EMPTY_ANSWER)
    return Generation.Status.COMPLETED, None


def columns_for(result: Result, answer: Answer, error: UpstreamError | None) -> dict[str, Any]:
    """The columns of the generation that tell how it went."""
    columns: dict[str, Any] = {"first_delta_at": result.first_delta_at}
    columns |= _outcome_columns(result.outcome)
    if error is not None:
        columns |= _error_columns(error)
    if result.request is not None and result.first_delta_at is not None:
        columns |= _usage_columns(result.request, answer, result)
    return columns


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


def _usage_columns(request: ChatRequest, answer: Answer, result: Result) -> dict[str, Any]:
    """The upstream's figures where it gave any, else our estimate, marked as one."""
    usage = result.outcome.usage
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
        "completion_tokens": max(
            count_tokens(answer.text) + count_tokens(answer.reasoning) - result.prior_tokens, 0
        ),
    }
    return {**figures, "total_tokens": sum(figures.values()), "is_usage_estimated": True}

"""The end of a run as columns."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from conversations.generation.records.outcome_columns import (
    RunResult,
    columns_for,
    status_of,
    total,
)
from conversations.upstream.answer.answer import Answer
from conversations.upstream.answer.parts import ImagePart, Part, TextPart, ToolCallPart
from conversations.upstream.body.outcome import Outcome
from conversations.upstream.errors import ErrorKind, UpstreamError

WHOLE = Outcome(is_complete=True, finish_reason="stop")
CALL = ToolCallPart("1", "f", "{}")
BROKEN = UpstreamError(ErrorKind.UPSTREAM_BROKEN, status=503)


@pytest.mark.parametrize(
    ("result", "parts", "status", "kind"),
    [
        (RunResult(WHOLE), [TextPart("Hi")], "completed", None),
        (RunResult(WHOLE), [ImagePart(digest="d")], "completed", None),
        (RunResult(WHOLE), [], "failed", "empty_answer"),
        (RunResult(WHOLE), [TextPart(" \n")], "failed", "empty_answer"),
        (RunResult(Outcome()), [TextPart("Half")], "interrupted", None),
        (RunResult(WHOLE, stopped_as="stopped"), [], "stopped", None),
        (RunResult(WHOLE, stopped_as="interrupted"), [], "interrupted", None),
        (RunResult(WHOLE, waiting=[CALL]), [CALL], "awaiting_approval", None),
        (RunResult(WHOLE, stopped_as="stopped", waiting=[CALL]), [CALL], "stopped", None),
        (RunResult(Outcome(), error=BROKEN), [TextPart("Half")], "failed", "upstream_broken"),
    ],
)
def test_every_end_has_one_status(
    result: RunResult, parts: list[Part], status: str, kind: str | None
) -> None:
    found, error = status_of(result, Answer(parts))
    assert (found, error.kind.value if error else None) == (status, kind)


def test_tokens_of_all_requests_are_added_up() -> None:
    first = {"prompt_tokens": 5, "completion_tokens": 2, "reasoning_tokens": None}
    second = {"prompt_tokens": 7, "completion_tokens": 3, "is_usage_estimated": True}
    assert total([]) == {}
    assert total([first, {}, second]) == {
        "prompt_tokens": 12,
        "completion_tokens": 5,
        "reasoning_tokens": None,
        "is_usage_estimated": True,
    }


def test_texts_of_an_upstream_fit_their_columns() -> None:
    outcome = Outcome(finish_reason="r" * 500, request_id="i" * 500, model="m" * 500)
    columns = columns_for(RunResult(outcome), None)
    assert [len(columns[name]) for name in ("finish_reason", "request_id", "answering_model")] == [
        100,
        200,
        200,
    ]


def test_a_pause_without_end_is_a_year() -> None:
    error = UpstreamError(ErrorKind.RATE_LIMITED, status=429, retry_after=1e12)
    retry_at = columns_for(RunResult(Outcome()), error)["retry_at"]
    assert retry_at - timezone.now() < datetime.timedelta(days=366)

"""Tokens, time and costs of an answer: a summary for its foot, and the details of each run."""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from conversations.models import Generation
from conversations.views.display import numbers

Fact = tuple[str, str]
Number = TypeVar("Number", int, float)


@dataclass(frozen=True, slots=True)
class RunFacts:
    """Sums over the runs of an answer; None if unknown. ``details``: the facts of each run.

    ``costs``: a formatted amount for each currency; none if no price was known.
    """

    prompt: int | None
    completion: int | None
    seconds: float | None
    is_estimated: bool
    costs: list[str]
    details: list[list[Fact]]


def totals_of(runs: Sequence[Generation], costs: Mapping[str, Decimal]) -> RunFacts:
    """Add up the runs of an answer, oldest first. ``costs``: their sums by currency."""
    # Runs without a response used no tokens; others without a figure make the sum unknown.
    answered = [run for run in runs if run.first_delta_at is not None or run.completion_tokens]
    return RunFacts(
        prompt=_sum([run.prompt_tokens for run in answered]),
        completion=_sum([run.completion_tokens for run in answered]),
        seconds=_sum([run.seconds for run in runs]),
        is_estimated=any(run.is_usage_estimated for run in runs),
        costs=numbers.costs(costs),
        details=[list(facts_of(run)) for run in runs if not run.is_active],
    )


def _sum(figures: Sequence[Number | None]) -> Number | None:
    """Return the sum; None if there is nothing to add, or a figure is unknown."""
    known = [figure for figure in figures if figure is not None]
    if not known or len(known) < len(figures):
        return None
    return functools.reduce(operator.add, known)


def facts_of(run: Generation) -> Iterator[Fact]:
    """Yield the known facts of a run, each with its label."""
    mark = "≈ " if run.is_usage_estimated else ""
    tokens = (
        (_("Prompt tokens"), run.prompt_tokens),
        (_("cached"), run.cached_tokens),
        (_("Completion tokens"), run.completion_tokens),
        (_("reasoning"), run.reasoning_tokens),
        (_("Total tokens"), run.total_tokens),
    )
    yield _("Model"), run.model_name
    if run.answering_model:
        yield _("Answered by"), run.answering_model
    if run.connection_name:
        yield _("Connection"), run.connection_name
    for label, count in tokens:
        if count is not None:
            yield label, mark + intcomma(count)
    if run.seconds_to_first_delta is not None:
        yield _("First word"), seconds(run.seconds_to_first_delta)
    if (speed := _tokens_per_second(run)) is not None:
        value = number_format(round(speed, 1))
        yield _("Speed"), mark + _("%(n)s tokens/s") % {"n": value}
    if run.seconds is not None:
        yield _("Duration"), seconds(run.seconds)
    yield _("Retries"), intcomma(run.retries)
    if run.finish_reason:
        yield _("Finish reason"), run.finish_reason
    if run.request_id:
        yield _("Request id"), run.request_id


def seconds(value: float) -> str:
    return _("%(n)s s") % {"n": number_format(round(value, 2))}


def _tokens_per_second(run: Generation) -> float | None:
    """Return the speed from the first delta to the end; None for a response in one piece."""
    if not run.completion_tokens or run.first_delta_at is None or run.ended_at is None:
        return None
    seconds = (run.ended_at - run.first_delta_at).total_seconds()
    return run.completion_tokens / seconds if seconds >= 0.05 else None

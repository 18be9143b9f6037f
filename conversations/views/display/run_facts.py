"""What an answer's runs took: quietly in its foot, and whole under Details."""

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
    """The runs of one answer together; None is not known. ``details``: the facts of each run.

    ``costs``: in words, one for each currency; none where no price was known.
    """

    prompt: int | None
    completion: int | None
    seconds: float | None
    is_estimated: bool
    costs: list[str]
    details: list[list[Fact]]


def account_of(runs: Sequence[Generation], costs: Mapping[str, Decimal]) -> RunFacts:
    """Add up the runs of one answer, the oldest first; ``costs``: of all of them, by currency."""
    # What never got an answer has no tokens to tell; what did and tells none makes the sum unknown.
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
    """The sum, or None where there is nothing to add or a figure is missing."""
    known = [figure for figure in figures if figure is not None]
    if not known or len(known) < len(figures):
        return None
    return functools.reduce(operator.add, known)


def facts_of(run: Generation) -> Iterator[Fact]:
    """What is known of one run."""
    mark = "≈ " if run.is_usage_estimated else ""
    tokens = (
        (_("Prompt tokens"), run.prompt_tokens),
        (_("of them cached"), run.cached_tokens),
        (_("Completion tokens"), run.completion_tokens),
        (_("of them reasoning"), run.reasoning_tokens),
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
        yield _("First word after"), seconds(run.seconds_to_first_delta)
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
    """So many seconds, in words."""
    return _("%(n)s s") % {"n": number_format(round(value, 2))}


def _tokens_per_second(run: Generation) -> float | None:
    """How fast it wrote, from its first word to its end; None for what came in one piece."""
    if not run.completion_tokens or run.first_delta_at is None or run.ended_at is None:
        return None
    seconds = (run.ended_at - run.first_delta_at).total_seconds()
    return run.completion_tokens / seconds if seconds >= 0.05 else None

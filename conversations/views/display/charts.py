"""The geometry of charts: coordinates of an SVG. The style sheet has the colours.

Coordinates are strings with a decimal point, because templates format numbers by the language.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from babel.dates import format_skeleton

from conversations.queries.usage import Amount
from conversations.views.display.numbers import compact, locale

WIDTH, HEIGHT = 480, 230
_LEFT, _TOP, _BASE = 48, 12, 204
_GAP = 0.2
_MAX_TICKS = 5

RANK_WIDTH = 480
_RANK_STEP = 38
MAX_RANKS = 10
_MAX_LABEL = 34


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle; ``css`` is the class of its series."""

    css: str
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A label at a position of the chart."""

    text: str
    x: str
    y: str


@dataclass(frozen=True, slots=True)
class Columns:
    """A chart of days: a column for each, prompt tokens at the bottom, completion above."""

    bars: list[Bar]
    grid: list[Mark]
    ticks: list[Mark]


@dataclass(frozen=True, slots=True)
class Rank:
    """A row of a ranking: a name and a number above a bar."""

    name: str
    figure: str
    text_y: str
    bar: Bar


@dataclass(frozen=True, slots=True)
class Ranks:
    """A ranking. ``left_out`` is the number of further lines, which only the table has."""

    rows: list[Rank]
    height: int
    left_out: int


def columns(days: Sequence[datetime.date], taken: Mapping[datetime.date, Amount]) -> Columns:
    """Lay out a column for each day, also for those without a call."""
    amounts = [taken.get(day, Amount()) for day in days]
    top = _round_up(max((one.prompt + one.completion for one in amounts), default=0))
    step = (WIDTH - _LEFT) / len(days)
    bars = []
    for number, amount in enumerate(amounts):
        x, y = _LEFT + step * (number + _GAP / 2), float(_BASE)
        for css, tokens in (("s1", amount.prompt), ("s2", amount.completion)):
            height = (_BASE - _TOP) * tokens / top
            y -= height
            if tokens:
                bars.append(_bar(css, x, y, step * (1 - _GAP), height))
    return Columns(bars, _grid(top), _ticks(days, step))


def ranks(lines: Sequence[tuple[str, Amount]], figure: Callable[[Amount], str]) -> Ranks:
    """Lay out the first MAX_RANKS of ``lines``, which are sorted."""
    ranked = lines[:MAX_RANKS]
    most = max((amount.total for _, amount in ranked), default=0) or 1
    rows = []
    for number, (name, amount) in enumerate(ranked):
        y = number * _RANK_STEP
        bar = _bar("s1", 0, y + 21, RANK_WIDTH * amount.total / most, 7)
        short = name if len(name) <= _MAX_LABEL else name[: _MAX_LABEL - 1] + "…"
        rows.append(Rank(short, figure(amount), _number(y + 14), bar))
    return Ranks(rows, len(ranked) * _RANK_STEP, len(lines) - len(ranked))


def _grid(top: int) -> list[Mark]:
    """Return the labels of four grid lines."""
    heights = [(_BASE - (_BASE - _TOP) * part / 4, top * part // 4) for part in range(1, 5)]
    return [Mark(compact(value), _number(_LEFT), _number(y)) for y, value in heights]


def _ticks(days: Sequence[datetime.date], step: float) -> list[Mark]:
    every = max(1, -(-len(days) // _MAX_TICKS))
    return [
        Mark(
            str(format_skeleton("MMMd", day, locale=locale())),
            _number(_LEFT + step * (number + 0.5)),
            _number(HEIGHT - 8),
        )
        for number, day in enumerate(days)
        if number % every == 0
    ]


def _round_up(value: int) -> int:
    """Round up to a number whose quarters are round."""
    power = 4
    while power * 10 <= value:
        power *= 10
    return next(power * times for times in (1, 2, 3, 4, 5, 6, 8, 10) if power * times >= value)


def _bar(css: str, x: float, y: float, width: float, height: float) -> Bar:
    return Bar(css, _number(x), _number(y), _number(width), _number(height))


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")

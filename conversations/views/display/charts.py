"""The geometry of charts: numbers in, coordinates of an SVG out. Colours are the style sheet's.

Coordinates are strings with a point, whatever the reader's language makes of numbers.
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
    """A rectangle; ``css`` says what it stands for."""

    css: str
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Words at a place of the chart."""

    text: str
    x: str
    y: str


@dataclass(frozen=True, slots=True)
class Columns:
    """A chart of days: a column for each, what was sent at the bottom, what came above it."""

    bars: list[Bar]
    grid: list[Mark]
    ticks: list[Mark]


@dataclass(frozen=True, slots=True)
class Rank:
    """One row of a chart of ranks: a name, a figure, and a bar under both."""

    name: str
    figure: str
    text_y: str
    bar: Bar


@dataclass(frozen=True, slots=True)
class Ranks:
    """A chart of what took most. ``left_out``: how many more there are, in the table only."""

    rows: list[Rank]
    height: int
    left_out: int


def columns(days: Sequence[datetime.date], taken: Mapping[datetime.date, Amount]) -> Columns:
    """The days, those without a call too."""
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
    """The first of ``lines``, which are in order: names, and what each took."""
    shown = lines[:MAX_RANKS]
    most = max((amount.total for _, amount in shown), default=0) or 1
    rows = []
    for number, (name, amount) in enumerate(shown):
        y = number * _RANK_STEP
        bar = _bar("s1", 0, y + 21, RANK_WIDTH * amount.total / most, 7)
        short = name if len(name) <= _MAX_LABEL else name[: _MAX_LABEL - 1] + "…"
        rows.append(Rank(short, figure(amount), _number(y + 14), bar))
    return Ranks(rows, len(shown) * _RANK_STEP, len(lines) - len(shown))


def _grid(top: int) -> list[Mark]:
    """Four lines, each with what it stands for."""
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
    """The next number that four lines divide well."""
    power = 4
    while power * 10 <= value:
        power *= 10
    return next(power * times for times in (1, 2, 3, 4, 5, 6, 8, 10) if power * times >= value)


def _bar(css: str, x: float, y: float, width: float, height: float) -> Bar:
    return Bar(css, _number(x), _number(y), _number(width), _number(height))


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")

"""Figures and how they are shown."""

from __future__ import annotations

import math
from collections.abc import Sequence


def percentile(values: Sequence[float], part: float) -> float:
    """The value that ``part`` percent do not exceed; infinite where nothing was measured."""
    if not values:
        return math.inf
    return sorted(values)[math.ceil(len(values) * part / 100) - 1]


def show(name: str, value: str, *, goal: str = "", is_met: bool = True) -> None:
    """One line, with its goal and whether it is met."""
    told = f"  (goal: {goal}{'' if is_met else '; NOT MET'})" if goal else ""
    print(f"  {name:34} {value}{told}", flush=True)


def show_at_most(name: str, value: float, limit: float, unit: str = "") -> None:
    """A figure that should not be greater than its goal."""
    told, goal = f"{value:.4g} {unit}".rstrip(), f"at most {limit:g} {unit}".rstrip()
    show(name, told, goal=goal, is_met=value <= limit)

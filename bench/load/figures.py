"""Percentiles, and the output of figures with their goals."""

from __future__ import annotations

import math
from collections.abc import Sequence


def percentile(values: Sequence[float], part: float) -> float:
    """Return the value that ``part`` percent do not exceed; infinity if there are none."""
    if not values:
        return math.inf
    return sorted(values)[math.ceil(len(values) * part / 100) - 1]


def show(name: str, value: str, *, goal: str = "", is_met: bool = True) -> None:
    """Print one figure, with its goal and whether it is met."""
    told = f"  (goal: {goal}{'' if is_met else '; NOT MET'})" if goal else ""
    print(f"  {name:34} {value}{told}", flush=True)


def show_at_most(name: str, value: float, limit: float, unit: str = "") -> None:
    """Print a figure whose goal is a maximum."""
    told, goal = f"{value:.4g} {unit}".rstrip(), f"at most {limit:g} {unit}".rstrip()
    show(name, told, goal=goal, is_met=value <= limit)

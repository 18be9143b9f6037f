"""Words of 11 bytes that contain the time at which they were sent, for all local processes."""

from __future__ import annotations

import re
import time

# Microseconds after which the numbers wrap around.
_SPAN = 10**10
_WORD = re.compile(r"\b\d{10}\b")


def now() -> int:
    """Return the time in the form that words contain."""
    return time.monotonic_ns() // 1000 % _SPAN


def new() -> str:
    """Return a word with the current time."""
    return f" {now():010d}"


def read(text: str) -> list[int]:
    """Return the times of the words in ``text``."""
    return [int(word) for word in _WORD.findall(text)]


def seconds(begin: int, end: int) -> float:
    """Return the seconds from one time to another."""
    return (end - begin) % _SPAN / 1e6

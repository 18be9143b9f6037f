"""Words of 11 bytes that tell when they were sent, to any process of this machine."""

from __future__ import annotations

import re
import time

# In microseconds; after that many the numbers begin again.
_SPAN = 10**10
_WORD = re.compile(r"\b\d{10}\b")


def now() -> int:
    """The time as a word tells it."""
    return time.monotonic_ns() // 1000 % _SPAN


def new() -> str:
    """A word that is sent now."""
    return f" {now():010d}"


def read(text: str) -> list[int]:
    """When the words in ``text`` were sent."""
    return [int(word) for word in _WORD.findall(text)]


def seconds(begin: int, end: int) -> float:
    """How long it is from one time to another."""
    return (end - begin) % _SPAN / 1e6

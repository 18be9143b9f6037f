"""The reasons for which a file cannot be attached."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MANY_PIXELS = "too_many_pixels"
    LOCKED = "locked"
    NO_TEXT = "no_text"
    BROKEN = "broken"
    UNKNOWN = "unknown"


class UnreadableError(ValueError):
    """A file that cannot be attached; ``limit`` is the limit that it exceeds, or 0."""

    def __init__(self, reason: Reason, *, limit: int = 0) -> None:
        super().__init__(reason.value)
        self.reason, self.limit = reason, limit

"""The reasons for which a file cannot be attached."""

from __future__ import annotations

from enum import StrEnum

from conversations.refusals import Refusal


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


class UnreadableError(Refusal):
    """A file that cannot be attached. ``limit`` is what it is over, where there is one."""

    def __init__(self, reason: Reason, *, limit: int = 0) -> None:
        super().__init__(reason.value)
        self.reason, self.limit, self.code = reason, limit, reason.value
        self.status = 413 if reason is Reason.TOO_LARGE else 422

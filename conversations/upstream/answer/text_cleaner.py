"""Text that can be encoded and stored: no NUL, no lone surrogate; halves are put together."""

from __future__ import annotations

import re

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_REPLACEMENT = "�"


def clean(text: str) -> str:
    """Return `text` as UTF-8 and PostgreSQL can hold it."""
    text = text.replace("\0", "")
    if text.isascii() or not _LONE_SURROGATE.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


class TextCleaner:
    """Cleans a text that comes in pieces: a character cut between two deltas is joined.

    A high surrogate at the end of a piece waits for the next one; `flush` gives it up.
    """

    def __init__(self) -> None:
        self._half = ""

    def feed(self, piece: str) -> str:
        """Return the clean text that is certain so far."""
        piece = self._half + piece.replace("\0", "")
        self._half = ""
        if piece and "\ud800" <= piece[-1] <= "\udbff":
            self._half = piece[-1]
            piece = piece[:-1]
        return clean(piece)

    def flush(self) -> str:
        """Return what waited for a second half that never came."""
        half, self._half = self._half, ""
        return _REPLACEMENT if half else ""

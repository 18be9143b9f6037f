"""`<think>…</think>` at the very start of a text, told apart while it streams."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto
from typing import Literal

_OPEN = "<think>"
_CLOSE = "</think>"
_MAX_HELD = 200


class _State(Enum):
    START = auto()
    INSIDE = auto()
    CLOSED = auto()
    OUTSIDE = auto()


class ThinkSplitter:
    """Splits text that comes in pieces into reasoning and text; tags may be cut anywhere.

    White space before `<think>`, after it and after `</think>` belongs to neither. An element
    that is never closed is reasoning to the end.
    """

    def __init__(self, *, may_open: bool = True) -> None:
        self._state = _State.START if may_open else _State.OUTSIDE
        self._held = ""
        self._inside_is_blank = True

    def feed(self, piece: str) -> Iterator[tuple[Literal["text", "reasoning"], str]]:
        """Yield what `piece` makes certain."""
        if self._state is _State.START:
            piece = self._start(piece)
        if self._state is _State.INSIDE:
            thought, piece = self._inside(piece)
            if thought:
                yield "reasoning", thought
        if self._state is _State.CLOSED:
            piece = piece.lstrip()
            self._state = _State.OUTSIDE if piece else _State.CLOSED
        if piece:
            yield "text", piece

    def flush(self) -> Iterator[tuple[Literal["text", "reasoning"], str]]:
        """Yield what was held back as a tag's possible beginning."""
        held, self._held = self._held, ""
        if held:
            yield ("reasoning" if self._state is _State.INSIDE else "text"), held
        if self._state is _State.START:
            self._state = _State.OUTSIDE

    def _start(self, piece: str) -> str:
        """Decide whether the text opens with the tag; return what is beyond that decision."""
        seen = self._held + piece
        stripped = seen.lstrip()
        self._held = ""
        if stripped.startswith(_OPEN):
            self._state = _State.INSIDE
            return stripped.removeprefix(_OPEN)
        if _OPEN.startswith(stripped) and len(seen) <= _MAX_HELD:
            self._held = seen
            return ""
        self._state = _State.OUTSIDE
        return seen

    def _inside(self, piece: str) -> tuple[str, str]:
        """Return (reasoning, rest after the closing tag)."""
        thought, tag, rest = (self._held + piece).partition(_CLOSE)
        self._held = ""
        if tag:
            self._state = _State.CLOSED
        else:
            keep = _overlap(thought)
            self._held = thought[len(thought) - keep :]
            thought = thought[: len(thought) - keep]
        if self._inside_is_blank:
            thought = thought.lstrip()
            self._inside_is_blank = not thought
        return thought, rest


def _overlap(text: str) -> int:
    """Return how many of the last characters may be the beginning of the closing tag."""
    for size in range(min(len(text), len(_CLOSE) - 1), 0, -1):
        if _CLOSE.startswith(text[-size:]):
            return size
    return 0

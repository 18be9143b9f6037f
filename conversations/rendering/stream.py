"""An answer while it is written: the whole text at each flush in, patches out."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from conversations.rendering.draft import draft
from conversations.rendering.finish import CodeBlock, as_code, finish
from conversations.rendering.highlight import spell_out
from conversations.rendering.markdown import RawBlock, clean_text, parse
from conversations.rendering.patches import Op, patch
from conversations.rendering.prose import Paragraph, paragraph

VERSION = 2
"""Stored beside finished HTML; another number means render again. Raise it when output changes."""

SLOW_SECONDS = 0.02
_LONG_CODE = 6_000
_UNREAD = RawBlock("", "")
_NOT_ID = re.compile(r"[^0-9A-Za-z-]")


def render(text: str, message_id: object) -> str:
    """Return the finished HTML of a whole message. Takes 1-20 ms per 10 KB: off the event loop."""
    return wrap_blocks(render_blocks(text, message_id))


def render_blocks(text: str, message_id: object) -> tuple[str, ...]:
    """Return the finished HTML of each top-level block of a message."""
    prefix = _prefix(message_id)
    return tuple(finish(raw, prefix=prefix) for raw in parse(clean_text(text)))


def wrap_blocks(blocks: tuple[str, ...] | list[str]) -> str:
    """Return blocks as the page holds them; patches.js makes the same elements."""
    return "".join(f'<div class="block" data-block dir="auto">{html}</div>' for html in blocks)


def _prefix(message_id: object) -> str:
    return f"m{_NOT_ID.sub('', str(message_id))}-"


class StreamRenderer:
    """Renders one message as it grows. Not for two threads at once; any thread will do."""

    def __init__(self, message_id: object) -> None:
        self._id_prefix = _prefix(message_id)
        self._raw: list[RawBlock] = []
        self._blocks: list[str] = []
        self._open: tuple[int, CodeBlock] | None = None
        self._paragraph: Paragraph | None = None
        self._seconds = 0.0

    @property
    def blocks(self) -> tuple[str, ...]:
        """The HTML of each block, as every client that got all ops has it."""
        return tuple(self._blocks)

    @property
    def heavy(self) -> bool:
        """Whether the next flush may take over 20 ms and so belongs in a thread."""
        long_code = self._open is not None and len(self._open[1].code) > _LONG_CODE
        return long_code or self._seconds > SLOW_SECONDS

    def update(self, text: str) -> list[Op]:
        """Draw the text so far and return the ops from what was drawn before."""
        ops = self._lengthen(text)
        if ops is None:
            clean = clean_text(text)
            ops = self._flush(clean, draft)
            self._paragraph = self._last_paragraph(text, clean)
        return ops

    def finish(self, text: str) -> list[Op]:
        """Draw the complete text; afterwards `blocks` equals `render_blocks(text, id)`."""
        return self._flush(clean_text(text), parse)

    def _lengthen(self, text: str) -> list[Op] | None:
        """Put mere words where they belong; None if the text is to be read as a whole."""
        if self._paragraph is None:
            return None
        ops = self._paragraph.take(text, len(self._blocks) - 1)
        if ops:
            self._blocks[-1] = self._paragraph.block
            # Drawn from nothing when it is read again.
            self._raw[-1] = _UNREAD
        return ops

    def _last_paragraph(self, text: str, clean: str) -> Paragraph | None:
        if not self._blocks:
            return None
        return paragraph(text, clean, self._raw[-1], self._blocks[-1])

    def _flush(self, text: str, read: Callable[[str], list[RawBlock]]) -> list[Op]:
        started = time.perf_counter()
        raw_blocks = read(text)
        ops: list[Op] = []
        for index, raw in enumerate(raw_blocks):
            if index >= len(self._raw) or self._raw[index] != raw:
                ops += self._draw(index, raw)
        if len(self._blocks) > len(raw_blocks):
            del self._blocks[len(raw_blocks) :]
            ops.append([len(raw_blocks), -1])
        self._raw = raw_blocks
        self._seconds = time.perf_counter() - started
        return ops

    def _draw(self, index: int, raw: RawBlock) -> list[Op]:
        code = as_code(raw) if raw.unfinished else None
        was_open = self._open if self._open and self._open[0] == index else None
        if code or was_open:
            self._open = (index, code) if code else None
        html = finish(raw, prefix=self._id_prefix)
        if index == len(self._blocks):
            self._blocks.append(html)
            return [[index, 0, html]]
        old, self._blocks[index] = self._blocks[index], html
        if code and was_open and _grew(was_open[1], code):
            return [[index, "t", spell_out(code.code[len(was_open[1].code) :])]]
        return [patch(index, old, html)] if old != html else []


def _grew(old: CodeBlock, new: CodeBlock) -> bool:
    return old.language == new.language and new.code.startswith(old.code) and new != old

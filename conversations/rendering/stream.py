"""A message rendered whole, or as it grows: the text so far goes in, patches come out."""

from __future__ import annotations

import re
import time
from functools import partial

from conversations.rendering.block_html import CodeBlock, as_code, render_block, render_code
from conversations.rendering.highlight import spell_out
from conversations.rendering.markdown import clean_text, parse
from conversations.rendering.patches import Op, patch
from conversations.rendering.raw_blocks import RawBlock
from conversations.rendering.settled import Settled
from conversations.rendering.unfinished import parse_unfinished

VERSION = 2
"""Stored beside finished HTML; another number means render again. Raise it when output changes."""

SLOW_SECONDS = 0.02
_LONG_CODE = 6_000
# The flush that defines a link parses all of the text, up to three times: 10 ms for so much.
_LONG_TEXT = 30_000
_NOT_ID = re.compile(r"[^0-9A-Za-z-]")


def render(text: str, message_id: object) -> str:
    """Return the finished HTML of a message. It takes 1 to 20 ms for 10 KB: use a thread."""
    return wrap_blocks(render_blocks(text, message_id))


def render_blocks(text: str, message_id: object) -> tuple[str, ...]:
    """Return the finished HTML of each top-level block of a message."""
    prefix = _prefix(message_id)
    return tuple(render_block(raw, prefix=prefix) for raw in parse(clean_text(text)))


def wrap_blocks(blocks: tuple[str, ...] | list[str]) -> str:
    """Return blocks as the page holds them; patches.js makes the same elements."""
    return "".join(f'<div class="block" data-block dir="auto">{html}</div>' for html in blocks)


def _prefix(message_id: object) -> str:
    return f"m{_NOT_ID.sub('', str(message_id))}-"


class StreamRenderer:
    """Renders one message as it grows. Any thread may call it, but only one at a time."""

    def __init__(self, message_id: object) -> None:
        self._id_prefix = _prefix(message_id)
        self._text = ""
        self._settled = Settled()
        # The clean text behind what is settled.
        self._rest = ""
        self._raw: list[RawBlock] = []
        self._blocks: list[str] = []
        self._open: tuple[int, CodeBlock] | None = None
        self._seconds = 0.0

    @property
    def blocks(self) -> tuple[str, ...]:
        """The HTML of each block, as every client that got all ops has it."""
        return tuple(self._blocks)

    @property
    def heavy(self) -> bool:
        """Whether the next flush may take over 20 ms and so belongs in a thread."""
        is_long_code = self._open is not None and len(self._open[1].code) > _LONG_CODE
        is_long = is_long_code or len(self._text) > _LONG_TEXT
        return is_long or self._seconds > SLOW_SECONDS

    def update(self, text: str) -> list[Op]:
        """Render the text so far and return the ops from the last state."""
        started = time.perf_counter()
        self._take(text)
        blocks = self._settled.parse(self._rest)
        if blocks is None:
            self._settled, self._rest = Settled(), clean_text(text)
            ops = self._show(parse_unfinished(self._rest, partial(parse, growing=True)))
        else:
            ops = self._show(blocks, self._settled.blocks)
            self._settled, self._rest = self._settled.advance(self._rest, blocks)
        self._seconds = time.perf_counter() - started
        return ops

    def finish(self, text: str) -> list[Op]:
        """Render the complete text; afterwards `blocks` equals `render_blocks(text, id)`."""
        return self._show(parse(clean_text(text)))

    def _take(self, text: str) -> None:
        """Add what has come to the rest; begin anew with a text that does not continue the last."""
        if not text.startswith(self._text):
            self._settled, self._rest, self._text = Settled(), "", ""
        more = text[len(self._text) :]
        if self._text.endswith("\r"):
            # The two are one line end, and the first of them has been taken.
            more = more.removeprefix("\n")
        self._rest += clean_text(more)
        self._text = text

    def _show(self, blocks: list[RawBlock], start: int = 0) -> list[Op]:
        """Put `blocks` in place of those from number `start` on, and return the ops for it."""
        ops: list[Op] = []
        for index, raw in enumerate(blocks, start):
            if index >= len(self._raw) or self._raw[index] != raw:
                ops += self._render(index, raw)
        count = start + len(blocks)
        if len(self._blocks) > count:
            del self._blocks[count:]
            ops.append([count, -1])
        self._raw[start:] = blocks
        return ops

    def _render(self, index: int, raw: RawBlock) -> list[Op]:
        code = as_code(raw) if raw.unfinished else None
        was_open = self._open if self._open and self._open[0] == index else None
        if code or was_open:
            self._open = (index, code) if code else None
        if code:
            html = render_code(code, unfinished=True)
        else:
            html = render_block(raw, prefix=self._id_prefix)
        if index == len(self._blocks):
            self._blocks.append(html)
            return [[index, 0, html]]
        old, self._blocks[index] = self._blocks[index], html
        if code and was_open and _grew(was_open[1], code):
            return [[index, "t", spell_out(code.code[len(was_open[1].code) :])]]
        return [patch(index, old, html)] if old != html else []


def _grew(old: CodeBlock, new: CodeBlock) -> bool:
    return old.language == new.language and new.code.startswith(old.code) and new != old

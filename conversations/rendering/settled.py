"""The beginning of a growing text, whose blocks no later text can change.

A block is settled once another block has begun behind an empty line. The rest is then parsed as a
text of its own, so that the cost of a flush does not grow with the answer
(docs/decisions/0011-parse-from-the-last-settled-block.md).
"""

from __future__ import annotations

import re
from functools import partial
from typing import NamedTuple

from conversations.rendering import limits
from conversations.rendering.markdown import parse_within_limits
from conversations.rendering.raw_blocks import RawBlock
from conversations.rendering.unfinished import parse_unfinished

# A line that begins a block for good: it is complete, or has a letter that decides its kind. Before
# a letter `<` may still begin raw HTML, which belongs to the block before it, and an open link at
# the start is shown as its words, which may be the marker of a list.
_BEGINNING = re.compile(r"\n\n(?=\S)(?:[^!\[<\n][^<\n]*(?<=[^\W\d_])|[^\n]*\n)")
# The marks of a definition: `[` at the start of a line, any `]` that ends its label, and `]:`.
_LINE_LABEL = re.compile(r"\n[-+*>\d.) \t]*\[")
_LABEL_MARK = re.compile(rf"{_LINE_LABEL.pattern}|(?<!\\)\](?!:)|\]:")
# comrak writes a position of at most 45 characters into a start tag.
_POSITION_CHARS = 45


class Settled(NamedTuple):
    """The number and size of the settled blocks, and the headings that the rest stands under."""

    blocks: int = 0
    size: limits.Size = limits.Size()
    headings: tuple[int, ...] = ()

    def parse(self, text: str) -> list[RawBlock] | None:
        """Return the blocks to show of the rest, or None if the whole text has to be parsed."""
        if not limits.measure(text, self.size).is_within_limits or _reaches_back(text):
            return None
        blocks = parse_unfinished(text, partial(parse_within_limits, headings=self.headings))
        is_plain = bool(blocks) and not blocks[0].html
        return None if is_plain else blocks

    def advance(self, text: str, blocks: list[RawBlock]) -> tuple[Settled, str]:
        """Return what is settled by the blocks of the rest, and the text that is left."""
        closed = blocks[:-1]
        if not closed or not blocks[-1].at_margin:
            return self, text
        end = sum(len(block.source) + 1 for block in closed)
        if not _BEGINNING.match(text, end - 2) or _weigh(closed) > limits.MAX_HTML_GROWTH * end:
            return self, text
        size = limits.measure(text[:end], self.size)
        return Settled(self.blocks + len(closed), size, closed[-1].headings), text[end:]


def _reaches_back(text: str) -> bool:
    """Whether the text may change blocks before it, or has lines that no limit allows."""
    return (
        _may_define(text)
        # Raw HTML can forge the positions by which blocks are cut, and footnotes.
        or "data-sourcepos" in text
        or "data-footnote" in text
        or limits.has_stacked_markers(text)
        or limits.has_many_links(text)
    )


def _may_define(text: str) -> bool:
    """Whether the text may define a link or a footnote, which counts in all of the message."""
    if "]:" not in text or not _LINE_LABEL.search(f"\n{text}"):
        return False
    is_open = False
    for mark in _LABEL_MARK.findall(f"\n{text}"):
        if mark == "]:" and is_open:
            return True
        is_open = mark.endswith("[")
    return False


def _weigh(blocks: list[RawBlock]) -> int:
    """Return how many characters comrak's HTML has at most, positions included."""
    return sum(
        len(block.html) + _POSITION_CHARS * (block.html.count("<") - block.html.count("</"))
        for block in blocks
    )

"""Top-level blocks: comrak's HTML cut where each begins, with the lines that it came from."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Literal, NamedTuple

from conversations.rendering.headings import outline

_BLOCK = re.compile(
    r"<(?:(?P<notes>section)|p|h[1-6]|ul|ol|pre|blockquote|table|hr)\b[^>\n]*?"
    r' data-sourcepos="(?P<line>\d{1,9}):(?P<column>\d{1,9})-(?P<last>\d{1,9}):\d+"'
)
_SOURCEPOS = re.compile(r' data-sourcepos="[^"]*"')
_DETAILS = re.compile(r"<(/?)details(?=[\s>])", re.IGNORECASE)
_PRE = re.compile(r'<pre data-sourcepos="(\d{1,9}):(\d{1,9})-(\d{1,9}):')
_ONLY_ENDS = re.compile(r"(?:\s|</[a-z0-9]+>)*")
_FENCE = re.compile(r"`{3,}|~{3,}")
_CLOSING = re.compile(r"[ \t>]*(`{3,}|~{3,})[ \t]*")


class RawBlock(NamedTuple):
    """One top-level block: comrak's HTML without positions, and the source that it came from.

    If there is no HTML, the source is shown.
    """

    html: str
    source: str
    unfinished: Literal["", "code", "math"] = ""
    """The construct that is still open at the end of a growing message."""
    headings: tuple[int, ...] = ()
    """Levels, as written, of the headings that the next block stands under."""
    at_margin: bool = False
    """Whether it begins in the first column of a line, where nothing can be nested."""


class _Cut(NamedTuple):
    """The place in comrak's HTML where a top-level block begins, and its line of the source."""

    at: int
    line: int
    at_margin: bool = False


def split(html: str, text: str, *, growing: bool, headings: tuple[int, ...] = ()) -> list[RawBlock]:
    """Return the top-level blocks of comrak's HTML, with the source of each from `text`.

    With `growing` the last block says whether it ends in a code block that is not closed.
    `headings` are those that the text begins under.
    """
    if not html.strip():
        return []
    cuts, body = _cuts(html)
    blocks = _cut(html, text, cuts, headings)
    if "details" in html:
        blocks = _join_details(blocks)
    if growing and _ends_in_open_code(html[:body], text):
        last = -1 if body == len(html) or len(blocks) == 1 else -2
        blocks[last:] = [blocks[last]._replace(unfinished="code"), *blocks[last:][1:]]
    return blocks


def _cut(html: str, text: str, cuts: list[_Cut], headings: tuple[int, ...]) -> list[RawBlock]:
    """Return a block for each cut; HTML before the first of them belongs to its block."""
    if len(cuts) < 2:
        html, headings = outline(_SOURCEPOS.sub("", html), headings)
        return [RawBlock(html, text, "", headings, bool(cuts) and cuts[0].at_margin)]
    cuts[0] = _Cut(0, 1, at_margin=cuts[0].at_margin)
    lines = text.split("\n")
    blocks = []
    for cut, following in pairwise([*cuts, _Cut(len(html), len(lines) + 1)]):
        part, headings = outline(_SOURCEPOS.sub("", html[cut.at : following.at]), headings)
        source = "\n".join(lines[cut.line - 1 : max(cut.line, following.line - 1)])
        blocks.append(RawBlock(part, source, "", headings, cut.at_margin))
    return blocks


def _cuts(html: str) -> tuple[list[_Cut], int]:
    """Cut where a line-start tag begins beyond the source lines of the block before it.

    Returns the cuts, and the length of the HTML before the footnotes, which always come last.
    """
    cuts: list[_Cut] = []
    last_line = 0
    for match in _BLOCK.finditer(html):
        at, line = match.start(), int(match["line"])
        if at and html[at - 1] != "\n":
            continue
        if match["notes"] or line > last_line:
            cuts.append(_Cut(at, line, at_margin=match["column"] == "1"))
        if match["notes"]:
            return cuts, at
        last_line = max(last_line, int(match["last"]))
    return cuts, len(html)


def _ends_in_open_code(html: str, text: str) -> bool:
    """Whether the last thing in `html` is code whose closing fence has not come."""
    start = html.rfind("<pre data-sourcepos=")
    match = _PRE.match(html, start) if start >= 0 else None
    # There may be no end, because raw HTML can open an element and never close it.
    end = html.find("</pre>", start)
    if match is None or end < 0 or not _ONLY_ENDS.fullmatch(html, end + 6):
        return False
    lines = text.split("\n")
    first, column, last = (int(match[group]) for group in (1, 2, 3))
    fence = _FENCE.match(lines[first - 1], column - 1) if first <= len(lines) else None
    if fence is None or last <= first or last > len(lines):
        return True
    closing = _CLOSING.fullmatch(lines[last - 1])
    return closing is None or not closing[1].startswith(fence[0])


def _join_details(blocks: list[RawBlock]) -> list[RawBlock]:
    """Join the blocks of one `<details>`, which the sanitizer would close at the first of them."""
    groups: list[list[RawBlock]] = []
    depth = 0
    for block in blocks:
        if depth > 0:
            groups[-1].append(block)
        else:
            groups.append([block])
        if "details" in block.html:
            depth += sum(-1 if slash else 1 for slash in _DETAILS.findall(block.html))
            depth = max(depth, 0)
    return [group[0] if len(group) == 1 else _joined(group) for group in groups]


def _joined(group: list[RawBlock]) -> RawBlock:
    return RawBlock(
        "".join(block.html for block in group),
        "\n".join(block.source for block in group),
        headings=group[-1].headings,
        at_margin=group[0].at_margin,
    )

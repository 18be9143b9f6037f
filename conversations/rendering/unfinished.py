"""The blocks to show of a text that has not ended: open links and formulas, undecided lines."""

from __future__ import annotations

import re
from collections.abc import Callable

from conversations.rendering.raw_blocks import RawBlock

# A line that may still become anything (`-` under a text is a heading, then a list), or a fence
# whose language is incomplete. It is held back, because blocks that change their kind flicker.
_HELD_LINE = re.compile(
    r"[ \t>]*(?:[-+*][ \t]+|\d{1,9}[.)][ \t]+)*"
    r"(?:[-=+*#`~$:\\ \t]*|\d{1,9}[.)]?|(?:`{3,}|~{3,})[^`]*)"
)
_HELD_CHARS = 120
_ROW = re.compile(r"[ \t>]*\|.*")
_OPEN_LINK = re.compile(
    r"!?\[([^\[\]\n]*)\](?:\([^()\s]*(?:[ \t]+[\"'][^\"'\n]*[\"']?)?)?\Z|</?[a-zA-Z]{0,10}\Z"
)
_OPEN_LINK_CHARS = 2000
_ENDS_IN_MATH = re.compile(
    r'<span data-math-style="(?:inline|display)">[^<]+</span>(?:\s|</[a-z0-9]+>)*\Z'
)


def parse_unfinished(text: str, parse: Callable[[str], list[RawBlock]]) -> list[RawBlock]:
    """Return the blocks to show of clean text that is still being written, by `parse`."""
    text = _without_undecided_end(text)
    blocks = parse(text)
    # Open code comes last, or before the footnotes.
    if not blocks or blocks[-1].unfinished or blocks[-2:][0].unfinished:
        return blocks
    if closer := _missing_math_closer(text):
        closed = parse(text.rstrip("\\") + closer)
        if closed and _ENDS_IN_MATH.search(closed[-1].html):
            closed[-1] = closed[-1]._replace(unfinished="math")
            return closed
    if link := _open_link(text):
        return parse(text[: link.start()] + (link[1] or ""))
    return blocks


def _without_undecided_end(text: str) -> str:
    """Leave out the last line if it may still turn into something else."""
    start = text.rfind("\n") + 1
    last = text[start:]
    if last and (_ROW.fullmatch(last) or _is_undecided(last)):
        text, last = text[:start], ""
    if last or not text:
        return text
    before = text[:-1].rfind("\n") + 1
    above = text[text[: max(0, before - 1)].rfind("\n") + 1 : max(0, before - 1)]
    if _ROW.fullmatch(text[before:-1]) and not _ROW.fullmatch(above):
        return text[:before]  # A row is a table's header only once its delimiter row has come.
    return text


def _is_undecided(line: str) -> bool:
    return len(line) <= _HELD_CHARS and _HELD_LINE.fullmatch(line) is not None


def _open_link(text: str) -> re.Match[str] | None:
    start = max(text.rfind("\n") + 1, len(text) - _OPEN_LINK_CHARS)
    if text.find("[", start) < 0 and text.find("<", start) < 0:
        return None
    return _OPEN_LINK.search(text, start)


def _missing_math_closer(text: str) -> str:
    """Return the delimiter that would close the last paragraph's open formula, or nothing."""
    if "\\" not in text and "$$" not in text:
        return ""
    paragraph = text[text.rfind("\n\n") + 1 :]
    for opening, closing in (("\\[", "\\]"), ("\\(", "\\)")):
        if paragraph.rfind(opening) > paragraph.rfind(closing):
            return closing
    return "$$" if paragraph.count("$$") % 2 else ""

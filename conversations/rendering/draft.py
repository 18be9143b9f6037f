"""What to draw of a text that has not ended: held lines, links and formulas not yet closed."""

from __future__ import annotations

import re

from conversations.rendering.markdown import RawBlock, parse

# A line that could still become anything (`-` under text is a heading, then a list), a fence whose
# language is not all there: drawn when the line has ended (DESIGN § 5).
_HELD_LINE = re.compile(
    r"[ \t>]*(?:[-+*][ \t]+|\d{1,9}[.)][ \t]+)*"
    r"(?:[-=+*#`~$:\\ \t]*|\d{1,9}[.)]?|(?:`{3,}|~{3,})[^`]*)"
)
_HELD_CHARS = 120
_ROW = re.compile(r"[ \t>]*\|.*")
_OPEN_LINK = re.compile(
    r"!?\[([^\[\]\n]*)\](?:\([^()\s]*(?:[ \t]+[\"'][^\"'\n]*[\"']?)?)?\Z|</?[a-zA-Z]{0,10}\Z"
)
_ENDS_IN_MATH = re.compile(
    r'<span data-math-style="(?:inline|display)"[^<>]*>[^<]+</span>(?:\s|</[a-z0-9]+>)*\Z'
)


def draft(text: str) -> list[RawBlock]:
    """Return the blocks to show of clean text that is still being written."""
    text = _hold(text)
    blocks = parse(text, growing=True)
    if not blocks or any(block.unfinished for block in blocks[-2:]):
        return blocks
    if closer := _missing_math_closer(text):
        closed = parse(text.rstrip("\\") + closer, growing=True)
        if closed and _ENDS_IN_MATH.search(closed[-1].html):
            closed[-1] = closed[-1]._replace(unfinished="math")
            return closed
    if link := _OPEN_LINK.search(text, max(0, len(text) - 2000)):
        return parse(text[: link.start()] + (link[1] or ""), growing=True)
    return blocks


def _hold(text: str) -> str:
    """Leave out the end of the text that may yet turn into something else."""
    start = text.rfind("\n") + 1
    last = text[start:]
    if last and (_ROW.fullmatch(last) or _is_undecided(last)):
        text, last = text[:start], ""
    if last or not text:
        return text
    before = text[:-1].rfind("\n") + 1
    above = text[text[: max(0, before - 1)].rfind("\n") + 1 : max(0, before - 1)]
    if _ROW.fullmatch(text[before:-1]) and not _ROW.fullmatch(above):
        return text[:before]  # a header line, until its separator comes
    return text


def _is_undecided(line: str) -> bool:
    return len(line) <= _HELD_CHARS and _HELD_LINE.fullmatch(line) is not None


def _missing_math_closer(text: str) -> str:
    """Return what would close the formula that the last paragraph leaves open, or nothing."""
    paragraph = text[text.rfind("\n\n") + 1 :]
    for opening, closing in (("\\[", "\\]"), ("\\(", "\\)")):
        if paragraph.rfind(opening) > paragraph.rfind(closing):
            return closing
    return "$$" if paragraph.count("$$") % 2 else ""

"""Every limit that keeps a hostile message from stalling or killing the process.

The figures were measured with messages such as those in tests/rendering/test_bombs.py.
"""

from __future__ import annotations

import re
from typing import NamedTuple

MAX_MARKDOWN_BYTES = 256 * 1024
MAX_LATEX_DELIMITERS = 2000  # comrak takes time squared for `\(`: 10,000 cost 0.2 s
MAX_AT_SIGNS_PER_LINE = 500  # comrak's mail links take memory squared: 10,000 took 296 MB
MAX_LINKS_PER_LINE = 1000  # without spaces between, time squared: 8,000 took 0.3 s
MAX_TABLE_COLUMNS = 500  # time squared: 60,000 took 2.7 s
MAX_TABLE_CELLS = 200_000  # short rows are filled up: 100 columns and 200 KB took 2.1 GB
MAX_MARKERS_PER_LINE = 50  # `> > >` and `- - -`: nh3 takes time squared for their depth
MAX_DEPTH = 60
MAX_MISNESTED = 16
MAX_HTML_GROWTH = 24  # bytes of comrak's output for each byte of source
MAX_HTML_GROWTH_OF_PART = 17  # in the whole text, positions may be up to 1.4 times as long
MAX_HIGHLIGHT_CHARS = 60_000
MAX_HIGHLIGHT_LINE = 2_000
MAX_HIGHLIGHT_BLANK = 500  # the MATLAB lexer takes time squared for a run of blank lines
MAX_HIGHLIGHT_SECONDS = 0.25
MAX_TEX_CHARS = 4096
MAX_TEX_DEPTH = 100

_MARKER = r"[ \t]*(?:>|[-+*][ \t]|\d{1,9}[.)][ \t])"
_STACKED_MARKERS = re.compile(rf"\n(?:{_MARKER}){{{MAX_MARKERS_PER_LINE}}}")
_DELIMITER_ROW = re.compile(r"^[ \t>]*[-:|][-:| \t]*$", re.MULTILINE)
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)\b[^>]*>", re.IGNORECASE)
_VOID = frozenset({"br", "hr", "img", "input", "wbr"})


class Size(NamedTuple):
    """The counts of a text that are limited for the text as a whole."""

    bytes: int = 0
    lines: int = 0
    latex_delimiters: int = 0
    table_columns: int = 0
    """Columns of the widest table."""

    @property
    def is_too_large(self) -> bool:
        """Whether the text is shown as it is, because it is too long for Markdown."""
        return self.bytes > MAX_MARKDOWN_BYTES

    @property
    def has_many_latex_delimiters(self) -> bool:
        r"""Whether `\(` and `\[` are so many that comrak must not look for them."""
        return self.latex_delimiters > MAX_LATEX_DELIMITERS

    @property
    def has_huge_table(self) -> bool:
        """Whether a table could have so many columns or cells that comrak must not make it."""
        cells = self.table_columns * self.lines
        return self.table_columns > MAX_TABLE_COLUMNS or cells > MAX_TABLE_CELLS

    @property
    def is_within_limits(self) -> bool:
        """Whether the text is Markdown in every respect."""
        return not (self.is_too_large or self.has_many_latex_delimiters or self.has_huge_table)


def measure(text: str, before: Size = Size()) -> Size:  # noqa: B008 (it cannot be changed)
    """Return the size of clean text, together with the size of what is before it.

    What is before must end with a line.
    """
    return Size(
        before.bytes + (len(text) if text.isascii() else len(text.encode())),
        before.lines + text.count("\n"),
        before.latex_delimiters + (text.count("\\(") + text.count("\\[") if "\\" in text else 0),
        max(before.table_columns, _table_columns(text)) if "|" in text else before.table_columns,
    )


def _table_columns(text: str) -> int:
    """Return how many columns the widest table of a text can have."""
    rows = _DELIMITER_ROW.findall(text)
    return max((row.count("|") + 1 for row in rows if "|" in row), default=0)


def has_stacked_markers(text: str) -> bool:
    """Whether a line nests lists or quotes so deeply that the text is shown as it is."""
    return _STACKED_MARKERS.search(f"\n{text}") is not None


def has_many_links(text: str) -> bool:
    """Whether one line has so many addresses that comrak must not look for them."""
    if len(text) <= MAX_AT_SIGNS_PER_LINE:
        return False
    if text.count("@") + text.count("://") + text.count("www.") <= MAX_AT_SIGNS_PER_LINE:
        return False
    return any(
        line.count("@") > MAX_AT_SIGNS_PER_LINE
        or line.count("://") + line.count("www.") > MAX_LINKS_PER_LINE
        for line in text.split("\n")
    )


def is_tangled(html: str) -> bool:
    """Whether tags nest too deep, or cross so often that an HTML parser multiplies them."""
    if html.count("<") <= MAX_MISNESTED:
        return False
    stack: list[str] = []
    misnested = 0
    for slash, name in _TAG.findall(html):
        tag = name.lower()
        if tag in _VOID:
            continue
        if not slash:
            stack.append(tag)
        elif stack and stack[-1] == tag:
            stack.pop()
        else:
            misnested += 1
            if tag in stack:
                while stack.pop() != tag:
                    misnested += 1
        if len(stack) > MAX_DEPTH or misnested > MAX_MISNESTED:
            return True
    return misnested + len(stack) > MAX_MISNESTED

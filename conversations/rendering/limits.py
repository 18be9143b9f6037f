"""Every bound that keeps a hostile message from stalling or killing the process.

Sources: shared notes/stack.md §§ 2-4 (measured) and tests/rendering/test_bombs.py.
"""

from __future__ import annotations

import re

MAX_MARKDOWN_BYTES = 256 * 1024
MAX_LATEX_DELIMITERS = 2000  # comrak's math_latex is quadratic in `\(`: 10,000 cost 0.2 s
MAX_AT_SIGNS_PER_LINE = 500  # comrak's mail links take memory squared: 10,000 took 296 MB
MAX_LINKS_PER_LINE = 1000  # without spaces between, time squared: 8,000 took 0.3 s
MAX_TABLE_COLUMNS = 500  # time squared: 60,000 took 2.7 s
MAX_TABLE_CELLS = 200_000  # short rows are filled up: 100 columns and 200 KB took 2.1 GB
MAX_MARKERS_PER_LINE = 50  # `> > >` and `- - -`: nh3 is quadratic in depth
MAX_DEPTH = 60
MAX_MISNESTED = 16
MAX_HTML_GROWTH = 24  # comrak's output per byte of source, above which a message is a bomb
MAX_HIGHLIGHT_CHARS = 60_000
MAX_HIGHLIGHT_LINE = 2_000
MAX_HIGHLIGHT_BLANK = 500  # the MATLAB lexer takes time squared for a run of blank lines
MAX_HIGHLIGHT_SECONDS = 0.25
MAX_TEX_CHARS = 4096
MAX_TEX_DEPTH = 100

_MARKER = r"[ \t]*(?:>|[-+*][ \t]|\d{1,9}[.)][ \t])"
_STACKED_MARKERS = re.compile(rf"^(?:{_MARKER}){{{MAX_MARKERS_PER_LINE}}}", re.MULTILINE)
_DELIMITER_ROW = re.compile(r"^[ \t>]*[-:|][-:| \t]*$", re.MULTILINE)
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)\b[^>]*>", re.IGNORECASE)
_VOID = frozenset({"br", "hr", "img", "input", "wbr"})


def is_bomb(text: str) -> bool:
    """Say whether `text` is too large or too deeply nested for Markdown."""
    if len(text) * 4 > MAX_MARKDOWN_BYTES and len(text.encode()) > MAX_MARKDOWN_BYTES:
        return True
    return _STACKED_MARKERS.search(text) is not None


def has_many_latex_delimiters(text: str) -> bool:
    r"""Say whether `\(` and `\[` are so many that comrak must not look for them."""
    return text.count("\\(") + text.count("\\[") > MAX_LATEX_DELIMITERS


def has_many_links(text: str) -> bool:
    """Say whether one line has so many addresses that comrak must not look for them."""
    if text.count("@") + text.count("://") + text.count("www.") <= MAX_AT_SIGNS_PER_LINE:
        return False
    return any(
        line.count("@") > MAX_AT_SIGNS_PER_LINE
        or line.count("://") + line.count("www.") > MAX_LINKS_PER_LINE
        for line in text.split("\n")
    )


def has_huge_table(text: str) -> bool:
    """Say whether a table could have so many columns or cells that comrak must not make it."""
    rows = _DELIMITER_ROW.findall(text)
    columns = max((row.count("|") + 1 for row in rows), default=0)
    return columns > MAX_TABLE_COLUMNS or columns * text.count("\n") > MAX_TABLE_CELLS


def is_tangled(html: str) -> bool:
    """Say whether tags nest too deep, or cross so often that an HTML parser multiplies them."""
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

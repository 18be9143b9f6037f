"""Quoting of a user's text in the demo's Markdown, so that none of it acts as Markdown."""

from __future__ import annotations

import re
import unicodedata

EXCERPT_CHARACTERS = 120
_SAMPLE_CHARACTERS = 2000
_JOINERS = "\u200c\u200d"  # emoji and Persian need them; other invisible characters go


def excerpt(text: str) -> str:
    """Return the first words on one line, without control or direction characters."""
    sample = text[:_SAMPLE_CHARACTERS]
    visible = "".join(char if _visible(char) else " " for char in sample)
    line = " ".join(visible.split())
    if len(line) <= EXCERPT_CHARACTERS:
        return line
    return line[:EXCERPT_CHARACTERS].rstrip() + " …"


def code_span(line: str) -> str:
    r"""Wrap one line in a code span whose fence is longer than any run of backticks inside.

    A code span is the one place where Markdown, HTML, math and links are all plain text
    (CommonMark 0.31 § 6.1). Escaping with a backslash would turn a parenthesis into `\(`.
    """
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", line)), default=0))
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def _visible(char: str) -> bool:
    return char in _JOINERS or not unicodedata.category(char).startswith("C")

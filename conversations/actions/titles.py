"""A conversation's first title: the first words of its first message."""

from __future__ import annotations

import re

MAX_LENGTH = 60
_MARKS = re.compile(r"^[#>*\-\s`]+|[`*]+")


def title_from(text: str) -> str:
    """Return the first line with text, cut at a word after at most 60 characters."""
    lines = (_MARKS.sub("", line).strip() for line in text.splitlines())
    line = " ".join(next(filter(None, lines), text.strip()).split())
    if len(line) <= MAX_LENGTH:
        return line
    head = line[: MAX_LENGTH - 1]
    # Chinese has no spaces, so there the cut may fall anywhere.
    words = head.rpartition(" ")[0] if " " in head[MAX_LENGTH // 2 :] else head
    return f"{words.rstrip('，。,.;:；：')}…"

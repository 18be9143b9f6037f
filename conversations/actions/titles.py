"""A conversation's first title: the first words of its first message."""

from __future__ import annotations

import re

from conversations.upstream.title import without_marks

MAX_LENGTH = 60
_BEGINNING = re.compile(r"^(?:[#>\s]|[*+-](?=\s)|\d{1,3}[.)](?=\s)|`{3,})+")


def title_from(text: str) -> str:
    """Return the first line with text, cut at a word after at most 60 characters."""
    lines = (without_marks(_BEGINNING.sub("", line)).strip() for line in text.splitlines())
    line = " ".join(next(filter(None, lines), text.strip()).split())
    if len(line) <= MAX_LENGTH:
        return line
    head = line[: MAX_LENGTH - 1]
    # Chinese has no spaces, so there the cut may fall anywhere.
    words = head.rpartition(" ")[0] if " " in head[MAX_LENGTH // 2 :] else head
    return f"{words.rstrip('，。,.;:；：')}…"

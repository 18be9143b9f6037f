"""Markdown to plain words: conversation titles, previews, what a screen reader hears."""

from __future__ import annotations

import re
from html import unescape

from conversations.rendering.markdown import clean_text, parse, tidy
from conversations.rendering.sanitize import clean

_READ_CHARS = 4000
_ANY_TAG = re.compile(r"<[^>]*>")
_INVISIBLE = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_LAST_WORD = re.compile(r"\s+\S*$")


def to_plain_text(markdown: str, limit: int) -> str:
    """Return the first words of a message on one line, at most `limit` characters with the `…`."""
    text = clean_text(markdown[: max(_READ_CHARS, 2 * limit)])
    html = " ".join(clean(tidy(raw.html)) if raw.html else raw.source for raw in parse(text))
    words = " ".join(_INVISIBLE.sub("", unescape(_ANY_TAG.sub("", html))).split())
    if len(words) <= limit:
        return words
    cut = words[: limit - 1]
    return (_LAST_WORD.sub("", cut) if " " in cut[limit // 2 :] else cut).rstrip() + "…"

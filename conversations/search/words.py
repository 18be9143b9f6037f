"""Text as the index knows it: whole words, but single characters where no spaces part the words.

Chinese has no spaces, so that the index knows its characters and finds words as phrases of them
(notes: one character, two and names are all found; trigrams miss the first two).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

# Thai to Lao, Myanmar, Khmer; Han with its radicals, kana, bopomofo, Hangul; Han beyond the BMP.
_ALONE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
    "\u2e80-\u2fdf\u3005-\u3007\u3040-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_MARKS = "\u0300-\u036f"
_WORD = re.compile(f"[{_ALONE}]|(?:[^\\W_{_ALONE}]+[{_MARKS}]*)+")
_ACCENT = re.compile(f"[{_MARKS}]")
# Of a longer word, such as an encoded picture, the beginning is known.
LONGEST = 64
# PostgreSQL keeps 256 places of a word in a row: in Chinese the commonest is every 25th.
PIECE = 4_000
# A phrase that begins at the end of a piece is whole in the next one.
OVERLAP = 40


class Word(NamedTuple):
    """A word, folded, and where it stands in the text."""

    folded: str
    start: int
    end: int


class Piece(NamedTuple):
    """A stretch of a text, up to the next one's words, and its folded words in a line."""

    start: int
    end: int
    words: str


def words(text: str) -> Iterator[Word]:
    """The words of ``text`` in their order."""
    for match in _WORD.finditer(text):
        if folded := fold(match[0]):
            yield Word(folded, match.start(), match.end())


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """Without case, accents and the width of its characters: letters and digits only."""
    if word.isascii():
        return word.lower()[:LONGEST]
    bare = _ACCENT.sub("", unicodedata.normalize("NFKD", word))
    plain = unicodedata.normalize("NFKC", bare).casefold()
    return "".join(filter(str.isalnum, plain))[:LONGEST]


def is_alone(word: str) -> bool:
    """Whether it is one of the characters that are words of their own."""
    return re.match(f"[{_ALONE}]", word) is not None


def pieces(text: str) -> Iterator[Piece]:
    """The text in stretches that an index takes, none for a text without words."""
    found = list(words(text))
    for first in range(0, max(len(found) - OVERLAP, 1), PIECE - OVERLAP):
        part, rest = found[first : first + PIECE], found[first + PIECE :]
        if part:
            end = rest[0].start if rest else len(text)
            yield Piece(part[0].start if first else 0, end, " ".join(word.folded for word in part))

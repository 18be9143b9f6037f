"""Split text into the words of the index.

A script without spaces, such as Chinese, is indexed by single characters, and words are found as
phrases of them. So one character, a word of two and a name are all found; trigrams would miss
the first two.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

# Thai and Lao, Myanmar, Khmer; Han with radicals, kana, bopomofo and Hangul; Han beyond the BMP.
_ALONE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
    "\u2e80-\u2fdf\u3005-\u3007\u3040-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_MARKS = "\u0300-\u036f"
_WORD = re.compile(f"[{_ALONE}]|(?:[^\\W_{_ALONE}]+[{_MARKS}]*)+")
_ACCENT = re.compile(f"[{_MARKS}]")
# Characters of a word that are indexed; longer ones are mostly encoded data.
LONGEST = 64
# Words in a piece. A tsvector stores 256 positions of a word, and the commonest character of
# Chinese is every 25th.
PIECE = 4_000
# Words that two pieces share, so that a phrase at the end of one is whole in the next.
OVERLAP = 40


class Word(NamedTuple):
    """A folded word and its position in the text."""

    folded: str
    start: int
    end: int


class Piece(NamedTuple):
    """A section of a text, up to the words of the next piece, with its folded words."""

    start: int
    end: int
    words: str


def words(text: str) -> Iterator[Word]:
    """Yield the words of ``text`` in order."""
    for match in _WORD.finditer(text):
        if folded := fold(match[0]):
            yield Word(folded, match.start(), match.end())


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """Remove case, accents and character width, leaving letters and digits."""
    if word.isascii():
        return word.lower()[:LONGEST]
    bare = _ACCENT.sub("", unicodedata.normalize("NFKD", word))
    plain = unicodedata.normalize("NFKC", bare).casefold()
    return "".join(filter(str.isalnum, plain))[:LONGEST]


def is_alone(word: str) -> bool:
    """Whether ``word`` begins with a character that is indexed by itself."""
    return re.match(f"[{_ALONE}]", word) is not None


def pieces(text: str) -> Iterator[Piece]:
    """Yield the text in overlapping pieces for the index; none if it has no words."""
    found = list(words(text))
    for first in range(0, max(len(found) - OVERLAP, 1), PIECE - OVERLAP):
        part, rest = found[first : first + PIECE], found[first + PIECE :]
        if part:
            end = rest[0].start if rest else len(text)
            yield Piece(part[0].start if first else 0, end, " ".join(word.folded for word in part))

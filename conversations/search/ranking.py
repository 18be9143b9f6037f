"""Ranking of the texts that match a query."""

from __future__ import annotations

import math

from conversations.search.query import Phrase, Query

# The usual k1 and b of Okapi BM25. The rarity of a word is left out, because all ranked texts
# contain all words.
_SATURATION = 1.2
_BY_LENGTH = 0.75
_USUAL_LENGTH = 1_000
# A text of today scores twice as much as a very old one: the bonus falls to 37 % in so many days.
_HALF_YEAR = 182.0
TITLE = 3.0


def score(words: str, query: Query, *, age_in_days: float) -> float:
    """Return the score of a piece with these folded ``words``; newer pieces score higher."""
    length = 1 - _BY_LENGTH + _BY_LENGTH * len(words) / _USUAL_LENGTH
    total = 0.0
    for phrase in query.phrases:
        times = _count(words, phrase)
        total += times / (times + _SATURATION * length)
    return total * (1 + math.exp(-max(age_in_days, 0.0) / _HALF_YEAR))


def _count(words: str, phrase: Phrase) -> float:
    """Count the occurrences of a phrase; a match of a prefix counts half."""
    line, wanted = f" {words} ", f" {' '.join(phrase.words)}"
    whole = line.count(f"{wanted} ")
    return whole + (line.count(wanted) - whole) / 2 if phrase.is_open else float(whole)

"""Which of the texts that have all phrases answers best."""

from __future__ import annotations

import math

from conversations.search.query import Phrase, Query

# Okapi BM25's saturation and length (its usual k1 and b). How rare a word is would be the same
# factor for each text, as each has all words.
_SATURATION = 1.2
_BY_LENGTH = 0.75
_USUAL_LENGTH = 1_000
# What was said today counts twice what was said a year ago.
_HALF_YEAR = 182.0
TITLE = 3.0


def score(words: str, query: Query, *, age_in_days: float) -> float:
    """How well a piece's ``words`` answer, the newer the better."""
    length = 1 - _BY_LENGTH + _BY_LENGTH * len(words) / _USUAL_LENGTH
    total = 0.0
    for phrase in query.phrases:
        times = _count(words, phrase)
        total += times / (times + _SATURATION * length)
    return total * (1 + math.exp(-max(age_in_days, 0.0) / _HALF_YEAR))


def _count(words: str, phrase: Phrase) -> float:
    """How often it is there; a word that is only begun counts half."""
    line, wanted = f" {words} ", f" {' '.join(phrase.words)}"
    whole = line.count(f"{wanted} ")
    return whole + (line.count(wanted) - whole) / 2 if phrase.is_open else float(whole)

"""Search queries: phrases that must all occur."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from conversations.search.words import is_alone, words

_QUOTED_OR_NOT = re.compile(r'"([^"]*)"?|“([^”]*)”?|「([^」]*)」?|([^\s"“「]+)')
# A shorter prefix matches too many words.
_SHORTEST_OPEN = 2
MOST_PHRASES = 16


@dataclass(frozen=True, slots=True)
class Phrase:
    """Consecutive words. ``is_open``: the last one is a prefix, since it is still being typed."""

    words: tuple[str, ...]
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """Phrases that a text must all contain; a query without phrases is false."""

    phrases: tuple[Phrase, ...]

    def __bool__(self) -> bool:
        return bool(self.phrases)


def parse(text: str) -> Query:
    """Parse a query: quoted text is one phrase, and so is each other run without spaces."""
    phrases = list(_phrases(text))[:MOST_PHRASES]
    if phrases and not text[-1:].isspace() and _is_open(text, phrases[-1]):
        phrases[-1] = Phrase(phrases[-1].words, is_open=True)
    return Query(tuple(dict.fromkeys(phrases)))


def to_fts5(scope: str, query: Query) -> str:
    """Return the query for SQLite's MATCH; words are letters and digits, so none is escaped."""
    return " AND ".join([f'"{scope}"', *map(_fts5_phrase, query.phrases)])


def to_tsquery(scope: str, query: Query) -> str:
    """Return the query for to_tsquery; words are letters and digits, so none is escaped."""
    return " & ".join([scope, *map(_tsquery_phrase, query.phrases)])


def _phrases(text: str) -> Iterator[Phrase]:
    for match in _QUOTED_OR_NOT.finditer(text):
        found = tuple(word.folded for word in words(match[match.lastindex or 0]))
        if found:
            yield Phrase(found)


def _is_open(text: str, last: Phrase) -> bool:
    word = last.words[-1]
    # A quotation mark or a full stop at the end completes the word.
    is_at_end = text[-1:].isalnum()
    is_quoted = text.count('"') % 2 == 1
    return is_at_end and not is_quoted and not is_alone(word) and len(word) >= _SHORTEST_OPEN


def _fts5_phrase(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.words)}"{" *" if phrase.is_open else ""}'


def _tsquery_phrase(phrase: Phrase) -> str:
    return f"({' <-> '.join(phrase.words)}{':*' if phrase.is_open else ''})"

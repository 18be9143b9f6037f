"""Snippets: the text around a match, to show why it was found."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from conversations.search.query import Phrase, Query
from conversations.search.words import Word, words

# In columns, of which a Han character takes two: two lines of the palette, and the lead before
# the first match.
LENGTH = 190
_LEAD = 44
_MARKUP = re.compile(r"[*`|]+|^\s*#+\s|^\s*>\s", re.MULTILINE)
_SPACE = re.compile(r"\s+")


class SnippetPart(NamedTuple):
    """A section of a snippet. Its text is raw and must be escaped before it is shown."""

    text: str
    is_match: bool


def mark(text: str, query: Query) -> list[SnippetPart]:
    """Split all of ``text`` into matches and the text between them."""
    return _cut(text, list(_spans(text, query)), 0, len(text))


def snippet(text: str, query: Query, *, length: int = LENGTH) -> list[SnippetPart]:
    """Return the section of ``text`` with the most different matches, or its beginning."""
    spans = list(_spans(text, query))
    at = _best(text, spans, length)
    start = _back(text, spans[at][0], _LEAD) if spans else 0
    end = _forward(text, start, length)
    parts = [_tidy(part) for part in _cut(text, spans, start, end)]
    if text[:start].strip():
        parts.insert(0, SnippetPart("…", is_match=False))
    if text[end:].strip():
        parts.append(SnippetPart("…", is_match=False))
    return [part for part in parts if part.text]


def _spans(text: str, query: Query) -> Iterator[tuple[int, int]]:
    """Yield start and end of each match, in order and without overlaps."""
    found = list(words(text))
    end = 0
    for first, last in sorted(_matches(found, query.phrases)):
        if found[first].start < end:
            continue
        end = found[last].end
        yield found[first].start, end


def _matches(found: Sequence[Word], phrases: Iterable[Phrase]) -> Iterator[tuple[int, int]]:
    """Yield the indexes in ``found`` of the first and last word of each match."""
    for phrase in phrases:
        size = len(phrase.words)
        for first in range(len(found) - size + 1):
            if _is_at(found, first, phrase):
                yield first, first + size - 1


def _is_at(found: Sequence[Word], first: int, phrase: Phrase) -> bool:
    *whole, last = phrase.words
    ending = found[first + len(whole)].folded
    if not (ending.startswith(last) if phrase.is_open else ending == last):
        return False
    return all(found[first + place].folded == word for place, word in enumerate(whole))


def _best(text: str, spans: Sequence[tuple[int, int]], length: int) -> int:
    """Return the index of the span from which ``length`` covers the most different matches."""

    def worth(at: int) -> int:
        start = spans[at][0]
        near = (text[a:b].casefold() for a, b in spans[at:] if b <= start + length - _LEAD)
        return len(set(near))

    return max(range(len(spans)), key=worth, default=0)


def _back(text: str, place: int, room: int) -> int:
    """Move back from ``place`` by at most ``room`` columns to the start of a line or word."""
    start = place
    while start > 0 and room > 0 and text[start - 1] != "\n":
        start -= 1
        room -= _width(text[start])
    if start == 0 or text[start - 1] == "\n" or _is_wide(text[start]):
        return start
    gap = text.find(" ", start, place)
    return start if gap < 0 else gap + 1


def _forward(text: str, start: int, room: int) -> int:
    end = start
    while end < len(text) and room > 0:
        room -= _width(text[end])
        end += 1
    if end == len(text) or _is_wide(text[end]):
        return end
    gap = text.rfind(" ", start, end)
    return end if gap <= start + (end - start) // 2 else gap


def _cut(text: str, spans: Iterable[tuple[int, int]], start: int, end: int) -> list[SnippetPart]:
    """Split the text from ``start`` to ``end`` into matches and the text between them."""
    parts, place = [], start
    for first, last in spans:
        if first < place or last > end:
            continue
        parts += [
            SnippetPart(text[place:first], is_match=False),
            SnippetPart(text[first:last], is_match=True),
        ]
        place = last
    parts.append(SnippetPart(text[place:end], is_match=False))
    return [part for part in parts if part.text]


def _tidy(part: SnippetPart) -> SnippetPart:
    """Remove Markdown's markup outside matches, and collapse white space."""
    text = part.text if part.is_match else _MARKUP.sub("", part.text)
    return SnippetPart(_SPACE.sub(" ", text), part.is_match)


def _width(character: str) -> int:
    return 2 if _is_wide(character) else 1


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"

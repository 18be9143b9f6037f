"""Chunks that differ from the one before in their words only: nearly all of a stream.

A chunk is 200 bytes of JSON around a word. Where the 200 bytes are those of the last chunk, it says
what that one said, with other words in the place of those words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from conversations.upstream.body.chunks import Chunk, parse
from conversations.upstream.json_text import BadJSONError

# Words that stand in JSON as they are.
_PLAIN = re.compile(r'[^"\\\x00-\x1f\ud800-\udfff]+')
_PROBE = "words"
# An upstream that never repeats itself (some add padding of a random length) is not tried for long.
_MOST_MISSES = 4


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A payload without its words, and where they belong in a chunk."""

    head: str
    tail: str
    is_reasoning: bool


class Repetition:
    """Knows the last chunk that was read as JSON."""

    def __init__(self) -> None:
        self._pattern: _Pattern | None = None
        self._misses = 0

    def words(self, payload: str) -> str | None:
        """Return the words of a payload that says the same otherwise; None if it has to be read."""
        pattern = self._pattern
        if pattern is None or not payload.startswith(pattern.head):
            return None
        if not payload.endswith(pattern.tail):
            return None
        words = payload[len(pattern.head) : len(payload) - len(pattern.tail)]
        if not _PLAIN.fullmatch(words):
            return None
        self._misses = 0
        return words

    def chunk(self, words: Sequence[str]) -> Chunk:
        """Return what payloads say of which `words` returned these, one after the other."""
        text = "".join(words)
        is_reasoning = self._pattern is not None and self._pattern.is_reasoning
        return Chunk(reasoning=text) if is_reasoning else Chunk(text=text)

    def learn(self, payload: str, chunk: Chunk) -> None:
        """Take a payload that has been read."""
        self._pattern = None
        if self._misses < _MOST_MISSES:
            self._misses += 1
            self._pattern = _pattern(payload, chunk)


def _pattern(payload: str, chunk: Chunk) -> _Pattern | None:
    """Find the only place of a chunk's words, and make sure that others mean the same there."""
    is_reasoning = not chunk.text
    words = chunk.reasoning if is_reasoning else chunk.text
    if not _PLAIN.fullmatch(words) or payload.count(f'"{words}"') != 1:
        return None
    head, tail = payload.split(f'"{words}"')
    expected = replace(chunk, reasoning=_PROBE) if is_reasoning else replace(chunk, text=_PROBE)
    try:
        is_same = parse(f'{head}"{_PROBE}"{tail}') == expected
    except BadJSONError:  # the quotation marks were the end of one string and the start of another
        return None
    if not is_same or not _says_words_only(chunk):
        return None
    return _Pattern(f'{head}"', f'"{tail}', is_reasoning)


def _says_words_only(chunk: Chunk) -> bool:
    """Whether nothing in a chunk would count twice or end something."""
    ends = chunk.finish_reason or chunk.usage or chunk.error
    return not (ends or chunk.calls or chunk.pictures or (chunk.text and chunk.reasoning))

"""The upstream's own words, made safe to show: no key, no control characters, not endless."""

from __future__ import annotations

import re

MAX_DETAIL = 2000
_MAX_SCAN = 16 * 1024
MASK = "•••"
_GRAM = 6
# Longer ones are looked for character by character, not piece by piece.
_LONG_KEY = 256
_TOKENS = re.compile(
    r"\b(?:sk|pk|rk|key)-[\w*.•-]{6,}"  # keys as they are commonly spelled, masked or not
    r"|\beyJ[\w-]{6,}(?:\.[\w-]*){0,2}"  # JWTs
    r"|(?<=bearer )\S+",
    re.IGNORECASE,
)
# The same where ordinary words are to stay: a key has a digit in it, "key-value" has none.
_LIKELY_TOKENS = re.compile(
    r"\b(?:sk|pk|rk|key)-(?=[\w-]{0,64}\d)[\w-]{6,}|\beyJ[\w-]{6,}(?:\.[\w-]*){0,2}",
    re.IGNORECASE,
)
# Words of JSON and of prose alike.
_WORDS = re.compile(r"[^\s\"'`,;:{}\[\]()<>\\]+")
_ELISION = re.compile(r"\*{2}|\.{2}|…|•")
# Controls, and what turns or hides text: zero width, bidirectional marks and overrides.
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+"
)


def tidy(text: str, *, key: str = "", limit: int = MAX_DETAIL) -> str:
    """Return `text` on one line, masked and at most `limit` characters long."""
    text = " ".join(_UNSEEN.sub(" ", text[:_MAX_SCAN]).split())
    text = mask(text, key)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def mask(text: str, key: str) -> str:
    """Hide the key wherever it occurs, whole, in part or with its middle left out."""
    if key:
        text = _mask_fragments(text, key)
        text = " ".join(_mask_elided(word, key) for word in text.split(" "))
    return _TOKENS.sub(MASK, text)


def mask_raw(text: str, key: str, *, with_others: bool = False) -> str:
    """Hide the key in what went over the wire, and change nothing else of it.

    `with_others`: what looks like another key too. Fast where there is nothing to hide.
    """
    if len(key) < _GRAM:
        text = re.sub(rf"(?<![\w-]){re.escape(key)}(?![\w-])", MASK, text) if key else text
    else:
        text = _mask_fragments(text, key) if _has_fragment(text, key) else text
        if key[:3] in text or key[-3:] in text:
            text = _WORDS.sub(lambda word: MASK if _is_elided(word[0], key) else word[0], text)
    return _LIKELY_TOKENS.sub(MASK, text) if with_others and _may_have_tokens(text) else text


def _may_have_tokens(text: str) -> bool:
    """Whether anything that `_LIKELY_TOKENS` begins with is there; the pattern takes longer."""
    text = text.lower()
    return "k-" in text or "key-" in text or "eyj" in text


def _is_elided(word: str, key: str) -> bool:
    """Whether a word begins or ends as the key does and leaves out what is between."""
    has_end = word.startswith(key[:3]) or word.rstrip(".!?").endswith(key[-3:])
    return has_end and _ELISION.search(word) is not None


def _has_fragment(text: str, key: str) -> bool:
    """Whether six characters of the key are in the text. For a long key that is not the way."""
    if len(key) > _LONG_KEY:
        return True
    starts = range(len(key) - _GRAM + 1)
    # Any six characters have four in them that begin at every third: fewer to look for.
    likely = {start // 3 for start in range(0, len(key), 3) if key[start : start + 4] in text}
    near = (start for start in starts if -(-start // 3) in likely)
    return any(key[start : start + _GRAM] in text for start in near)


def _mask_fragments(text: str, key: str) -> str:
    """Hide every stretch of six or more characters that the key has too, in linear time."""
    size = min(_GRAM, len(key))
    grams = {key[start : start + size] for start in range(len(key) - size + 1)}
    pieces: list[str] = []
    position = hidden_to = 0
    for start in range(len(text) - size + 1):
        if text[start : start + size] in grams:
            if start > hidden_to or not pieces:
                pieces += [text[position:start], MASK]
            hidden_to = position = start + size
    pieces.append(text[position:])
    return "".join(pieces)


def _mask_elided(word: str, key: str) -> str:
    """Hide a word such as `sk-ab***yz` that shows the ends of the key."""
    shows_end = key[:3] in word or key[-3:] in word
    return MASK if shows_end and _ELISION.search(word) else word

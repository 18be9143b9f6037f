"""Masking of a tool's secrets in responses, because some servers echo the request."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from urllib.parse import quote, quote_plus

MASK = "••••"
# Four characters would reveal too much of a shorter secret.
_LONG_ENOUGH = 12
# Shorter strings occur in any text by chance.
_SHORTEST = 4
_SHORTEST_WORD = 8


def hint_of(secret: str) -> str:
    """Return the last four characters of a secret, or nothing of a short one."""
    return secret[-4:] if len(secret) >= _LONG_ENOUGH else ""


def masked(secret: str) -> str:
    """Return the replacement for a secret in a text."""
    return MASK + hint_of(secret)


def hide(text: str, secrets: Collection[str]) -> str:
    """Mask the secrets in a text, in each of their spellings."""
    spelled = {way: masked(secret) for secret in secrets for way in _ways(secret)}
    if not spelled:
        return text
    longest_first = sorted(spelled, key=len, reverse=True)
    found = re.compile("|".join(map(re.escape, longest_first)))
    return found.sub(lambda match: spelled[match[0]], text)


def _ways(secret: str) -> Iterator[str]:
    """Yield a secret's spellings: with and without its scheme ("Bearer …"), in JSON, in URLs."""
    words = [word for word in secret.split() if len(word) >= _SHORTEST_WORD]
    for each in (secret, *words):
        if len(each) >= _SHORTEST:
            yield from (each, json.dumps(each)[1:-1], quote(each, safe=""), quote_plus(each))

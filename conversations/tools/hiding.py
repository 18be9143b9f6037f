"""Secrets of a tool taken out of text that came back: some servers say what they were sent."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from urllib.parse import quote, quote_plus

MASK = "••••"
# Of a shorter one four characters would be too many.
_LONG_ENOUGH = 12
# What is shorter is in every text.
_SHORTEST = 4
_SHORTEST_WORD = 8


def hint_of(secret: str) -> str:
    """What may be shown of a secret: its last four characters, of a short one nothing."""
    return secret[-4:] if len(secret) >= _LONG_ENOUGH else ""


def masked(secret: str) -> str:
    """What stands in a secret's place."""
    return MASK + hint_of(secret)


def hide(text: str, secrets: Collection[str]) -> str:
    """The text without the secrets, in each way in which one may be written in it."""
    spelled = {way: masked(secret) for secret in secrets for way in _ways(secret)}
    if not spelled:
        return text
    longest_first = sorted(spelled, key=len, reverse=True)
    found = re.compile("|".join(map(re.escape, longest_first)))
    return found.sub(lambda match: spelled[match[0]], text)


def _ways(secret: str) -> Iterator[str]:
    """As it is, without its scheme ("Bearer …"), and as JSON and addresses have them."""
    words = [word for word in secret.split() if len(word) >= _SHORTEST_WORD]
    for each in (secret, *words):
        if len(each) >= _SHORTEST:
            yield from (each, json.dumps(each)[1:-1], quote(each, safe=""), quote_plus(each))

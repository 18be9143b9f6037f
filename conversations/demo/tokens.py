"""Splitting of text into deltas of a word, and estimates of token counts.

The demo has no tokenizer: one delta counts as one token.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

CJK = "\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_DELTA = re.compile(rf"\s*(?:[{CJK}]|[^\s{CJK}]+)|\s+")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LATIN_WORD = re.compile(r"[A-Za-z]+")

BYTES_PER_TOKEN = 4
TOKENS_PER_MESSAGE = 3


def deltas(text: str) -> list[str]:
    """Split text into words with the space before them, and CJK into characters, losslessly."""
    return _DELTA.findall(text)


def estimate(texts: Iterable[str]) -> int:
    """Estimate prompt tokens at four UTF-8 bytes each, which fits English and Chinese alike."""
    return sum(TOKENS_PER_MESSAGE + -(-len(t.encode()) // BYTES_PER_TOKEN) for t in texts)


def is_chinese(text: str) -> bool:
    """Whether a text has a Han character, and no fewer of them than Latin words."""
    sample = text[:2000]
    han = len(_HAN.findall(sample))
    return han > 0 and han >= len(_LATIN_WORD.findall(sample))

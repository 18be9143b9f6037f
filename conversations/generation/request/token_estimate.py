"""Token counts where the upstream tells none: estimates, always shown as such (≈)."""

from __future__ import annotations

import re

# About four characters of English make a token, and a Han character about one: the rule of thumb
# for the vocabularies of this API's models, whose files are not to be had offline.
_CJK = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
_CHARACTERS_PER_TOKEN = 4


def count_tokens(text: str) -> int:
    """About how many tokens ``text`` is; 0 only for an empty text."""
    wide = len(_CJK.findall(text))
    return wide + -(-(len(text) - wide) // _CHARACTERS_PER_TOKEN)

"""A file's name from a conversation's title, for every system that may save it."""

from __future__ import annotations

import re

# In bytes the longest name that file systems take is 255, and a character has up to four.
MAX_LENGTH = 60
_FORBIDDEN = re.compile(
    r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+'
)
# Windows takes these names for devices, whatever the suffix.
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


def file_name(title: str, suffix: str) -> str:
    """The title without what a file's name must not hold, and the suffix."""
    stem = " ".join(_FORBIDDEN.sub(" ", title).split())[:MAX_LENGTH].strip(" .")
    if not stem or _DEVICE.fullmatch(stem.partition(".")[0].strip()):
        stem = f"conversation {stem}".strip()
    return f"{stem}.{suffix}"

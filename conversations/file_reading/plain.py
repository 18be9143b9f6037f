"""Decoding of plain text files."""

from __future__ import annotations

import re

from conversations.file_reading.refusals import Reason, UnreadableError

_MARKED = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
# Tried in this order without a byte order mark. Text of another encoding is hardly ever valid
# UTF-8, while GB 18030, which Chinese Windows writes, accepts nearly everything.
_UNMARKED = ("utf-8", "gb18030")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def decode(content: bytes) -> str:
    """Decode text, with LF line ends. Raises UnreadableError if it is not text."""
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeError:
            continue
        if not _CONTROLS.search(text):
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise UnreadableError(Reason.UNKNOWN)


def _encodings(content: bytes) -> tuple[str, ...]:
    for mark, encoding in _MARKED.items():
        if content.startswith(mark):
            return (encoding,)
    return _UNMARKED

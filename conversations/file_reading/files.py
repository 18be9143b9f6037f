"""Read a file's bytes: its kind is told by its content and never by its name."""

from __future__ import annotations

from dataclasses import dataclass

from conversations.file_reading.documents import text_of_pdf
from conversations.file_reading.images import DecodedImage, open_picture
from conversations.file_reading.plain import decode
from conversations.file_reading.refusals import Reason, UnreadableError

MAX_BYTES = 20 * 1024 * 1024
"""Bytes of one file."""

MAX_TEXT = 1_000_000
"""Characters of text in one file, about as much as the largest models accept."""

_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")


@dataclass(frozen=True, slots=True)
class Read:
    """A file as it is stored: ``text`` is set for documents, ``picture`` for images."""

    content: bytes
    media_type: str
    text: str = ""
    picture: DecodedImage | None = None


def read(content: bytes, *, limit: int = MAX_BYTES) -> Read:
    """Read a file. Raises UnreadableError if it cannot be attached."""
    if not content:
        raise UnreadableError(Reason.EMPTY)
    if len(content) > limit:
        raise UnreadableError(Reason.TOO_LARGE, limit=limit)
    if _is_picture(content):
        picture = open_picture(content)
        return Read(picture.content, picture.media_type, picture=picture)
    if content.startswith(b"%PDF-"):
        return Read(content, "application/pdf", text=_within_limit(text_of_pdf(content)))
    return Read(content, "text/plain", text=_within_limit(decode(content)))


def _is_picture(content: bytes) -> bool:
    is_webp = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    return is_webp or content.startswith(_PICTURES)


def _within_limit(text: str) -> str:
    if not text.strip():
        raise UnreadableError(Reason.NO_TEXT)
    if len(text) > MAX_TEXT:
        raise UnreadableError(Reason.TOO_LONG, limit=MAX_TEXT)
    return text

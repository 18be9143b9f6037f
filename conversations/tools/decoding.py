"""Decompression of a response in bounded steps, so that a bomb cannot exceed the limit."""

from __future__ import annotations

import zlib

_AUTOMATIC = 32 + zlib.MAX_WBITS
_PLAIN = frozenset({"", "identity"})
_PACKED = frozenset({"gzip", "x-gzip", "deflate"})


class UnknownEncodingError(ValueError):
    """The response has a content coding that was not requested, or is corrupt."""


class BodyReader:
    """Collects at most `limit` decompressed bytes; `is_cut` tells that there were more."""

    def __init__(self, encoding: str, limit: int) -> None:
        encoding = encoding.strip().lower()
        if encoding not in _PLAIN | _PACKED:
            raise UnknownEncodingError(encoding)
        self._unpack = zlib.decompressobj(_AUTOMATIC) if encoding in _PACKED else None
        self._limit = limit
        self._pieces: list[bytes] = []
        self._size = 0
        self._received = 0
        self.is_cut = False

    @property
    def body(self) -> bytes:
        return b"".join(self._pieces)

    def feed(self, data: bytes) -> None:
        """Add received bytes. Raises UnknownEncodingError if they are corrupt."""
        self._received += len(data)
        room = self._limit - self._size
        piece = data[: room + 1] if self._unpack is None else self._unpacked(data, room + 1)
        # Received bytes are bounded too, because a stream may expand to nothing for ever.
        self.is_cut = len(piece) > room or self._received > self._limit
        self._pieces.append(piece[:room])
        self._size += len(self._pieces[-1])

    def _unpacked(self, data: bytes, most: int) -> bytes:
        assert self._unpack is not None  # noqa: S101 (`feed` has checked it)
        try:
            return self._unpack.decompress(data, most)
        except zlib.error as error:
            raise UnknownEncodingError(str(error)) from None

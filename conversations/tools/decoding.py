"""A body as it comes, unpacked in bounded steps: a bomb is only as large as its limit."""

from __future__ import annotations

import zlib

_AUTOMATIC = 32 + zlib.MAX_WBITS
_PLAIN = frozenset({"", "identity"})
_PACKED = frozenset({"gzip", "x-gzip", "deflate"})


class UnknownEncodingError(ValueError):
    """The server packed its answer in a way that nobody asked for, or badly."""


class BodyReader:
    """Takes bytes until there are `limit` of them, unpacked; then `is_cut` is set."""

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
        """What came, no more than the limit."""
        return b"".join(self._pieces)

    def feed(self, data: bytes) -> None:
        """Take some more."""
        self._received += len(data)
        room = self._limit - self._size
        piece = data[: room + 1] if self._unpack is None else self._unpacked(data, room + 1)
        # A packed nothing may go on for ever, too.
        self.is_cut = len(piece) > room or self._received > self._limit
        self._pieces.append(piece[:room])
        self._size += len(self._pieces[-1])

    def _unpacked(self, data: bytes, most: int) -> bytes:
        assert self._unpack is not None  # noqa: S101 (the caller has looked)
        try:
            return self._unpack.decompress(data, most)
        except zlib.error as error:
            raise UnknownEncodingError(str(error)) from None

"""The beginning of a body, as far as a limit goes."""

from __future__ import annotations

from conversations.network.decoding import decoder_for


class BodyReader:
    """Takes bytes until there are `limit` of them, unpacked; then `is_cut` is set.

    Raises `UnknownEncodingError`, now or in `feed`.
    """

    def __init__(self, encoding: str, limit: int) -> None:
        self._decoder = decoder_for(encoding)
        self._limit = limit
        self._pieces: list[bytes] = []
        self._size = 0
        self._received = 0
        self.is_cut = False

    @property
    def body(self) -> bytes:
        """The bytes that came, no more than the limit."""
        return b"".join(self._pieces)

    def feed(self, data: bytes) -> None:
        """Take some more."""
        self._received += len(data)
        # Packed data that unpacks to nothing is bounded as well.
        self.is_cut = self._received > self._limit
        for piece in self._decoder.feed(data):
            room = self._limit - self._size
            self._pieces.append(piece[:room])
            self._size += len(self._pieces[-1])
            if len(piece) > room:
                self.is_cut = True
                return

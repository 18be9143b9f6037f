"""A body as it comes, unpacked in bounded pieces, so that a bomb is never in memory."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from typing import Protocol

import brotli

FULL_PIECE = 64 * 1024
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS


class UnknownEncodingError(ValueError):
    """A body is packed in an unknown way, or is damaged."""


class Decoder(Protocol):
    """Unpacks one body."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what `data` unpacks to, some 64 KB at a time; raises `UnknownEncodingError`."""


def decoder_for(encoding: str) -> Decoder:
    """Return a decoder for a Content-Encoding header; raises `UnknownEncodingError`."""
    encoding = encoding.strip().lower()
    if encoding in {"", "identity"}:
        return _Plain()
    if encoding in {"gzip", "x-gzip", "deflate"}:
        return _Zlib()
    if encoding == "br":
        return _Brotli()
    raise UnknownEncodingError(encoding)


async def unpacked(raw: AsyncIterator[bytes], decoder: Decoder) -> AsyncGenerator[bytes, None]:
    """Yield the pieces of a body; a bomb leaves the event loop to others in between."""
    async for data in raw:
        for piece in decoder.feed(data):
            yield piece
            if len(piece) >= FULL_PIECE:
                await asyncio.sleep(0)


class _Plain:
    def feed(self, data: bytes) -> Iterator[bytes]:
        yield data


class _Zlib:
    def __init__(self) -> None:
        self._unpack = zlib.decompressobj(_GZIP_OR_ZLIB)

    def feed(self, data: bytes) -> Iterator[bytes]:
        # zlib would collect for ever what is sent behind the end.
        while not self._unpack.eof:
            try:
                piece = self._unpack.decompress(data, FULL_PIECE)
            except zlib.error as error:
                raise UnknownEncodingError(str(error)) from None
            if not piece:
                return
            yield piece
            data = self._unpack.unconsumed_tail


class _Brotli:
    def __init__(self) -> None:
        self._unpack = brotli.Decompressor()

    def feed(self, data: bytes) -> Iterator[bytes]:
        while not self._unpack.is_finished():
            try:
                piece = self._unpack.process(data, output_buffer_limit=FULL_PIECE)
            except brotli.error as error:
                raise UnknownEncodingError(str(error)) from None
            if not piece:
                return
            yield piece
            data = b""

"""A response whose body comes in as few pieces as possible, and whose connection ends at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import httpx

from conversations.network.failures import as_httpx


class AbortingResponse(aiohttp.ClientResponse):
    """Ends an unfinished connection at once.

    aiohttp would first send what is left of the request, and over TLS wait up to 30 seconds for
    the server's closing message.
    """

    def close(self) -> None:
        """Close the connection unless it is back in the pool."""
        if transport := transport_of(self):
            transport.abort()
        super().close()


class ResponseBody(httpx.AsyncByteStream):
    """The raw bytes of a body; each piece is all that has arrived since the last one.

    Bytes that arrived before a connection was lost come before its error.
    """

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the pieces; raises `httpx.TransportError`."""
        try:
            while data := await self._read():
                yield data
        except aiohttp.ClientError as error:
            raise as_httpx(error) from error

    async def aclose(self) -> None:
        """Close the connection, unless the body was read to its end."""
        self._response.close()
        await closed()

    async def _read(self) -> bytes:
        content = self._response.content
        if (error := content.exception()) is not None and (rest := _buffered(content, error)):
            return rest
        return await content.readany()


def _buffered(content: aiohttp.StreamReader, error: BaseException) -> bytes:
    """Return the bytes that were read ahead: once there is an error, aiohttp only raises it."""
    content.set_exception(None)  # type: ignore[arg-type]  # the state before the error
    rest = content.read_nowait()
    content.set_exception(error)
    return rest


async def closed() -> None:
    """Wait until an aborted connection is closed: the event loop does that in its next turn."""
    await asyncio.sleep(0)


def transport_of(response: aiohttp.ClientResponse) -> asyncio.Transport | None:
    """Return the connection that `response` still holds."""
    return response.connection.transport if response.connection else None

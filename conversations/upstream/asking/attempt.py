"""One HTTP request to an upstream and the reading of its response."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing, suppress

import httpx

from conversations.network.addresses import AddressRefused
from conversations.network.decoding import (
    FULL_PIECE,
    Decoder,
    UnknownEncodingError,
    decoder_for,
    unpacked,
)
from conversations.network.transport import Progress
from conversations.upstream.answer.answer import Delta
from conversations.upstream.asking.deadlines import Deadlines
from conversations.upstream.body.response_body import HEAD_BYTES, Reception
from conversations.upstream.endpoint import Endpoint, Timers
from conversations.upstream.errors import ErrorKind, UpstreamError
from conversations.upstream.failures.classify import classify
from conversations.upstream.failures.classify import request_id as read_request_id
from conversations.upstream.failures.masking import tidy
from conversations.upstream.recording import Recording
from conversations.upstream.request import encode

Pace = Callable[[], Awaitable[None]]
"""Awaited before each further read; returns when reading is worth it again.

An upstream sends a packet for each token, fifty a second and more, and the page shows them some
twelve times a second. In between they gather in a buffer, and one read takes them all.
"""

_DRAIN_SECONDS = 0.05
_REFUSAL_SECONDS = 10.0


class Attempt:
    """Sends once and reads the response; `deltas` closes it however it ends."""

    def __init__(
        self,
        *,
        endpoint: Endpoint,
        body: Mapping[str, object],
        timers: Timers,
        deadlines: Deadlines,
        pace: Pace | None,
        recording: Recording,
    ) -> None:
        self._endpoint = endpoint
        self._body = encode(body)
        self._recording = recording
        self.record = recording.begin(body)
        self._timers = timers
        self._deadlines = deadlines
        self._pace = pace
        self._progress = Progress()
        self._is_answered = False
        self.reception = Reception({}, key=endpoint.key)
        self.request_id = ""

    @property
    def was_sent(self) -> bool:
        """Whether any of the request may have reached the server."""
        return self._progress.was_sent

    @property
    def died_in_pool(self) -> bool:
        """Whether a connection from the pool ended before the first byte of an answer."""
        return not self._progress.is_new_connection and not self._is_answered

    async def deltas(self, http: httpx.AsyncClient) -> AsyncGenerator[Delta, None]:
        """Yield deltas as they come; raises `UpstreamError`."""
        self._deadlines.begin_attempt()
        response = await self._send(http)
        self._is_answered = True
        self.record.answer(response.status_code)
        try:
            self.request_id = read_request_id(response.headers, key=self._endpoint.key)
            if not response.is_success:
                raise await self._refusal(response)
            self.reception = Reception(response.headers, key=self._endpoint.key)
            async with aclosing(_body(response)) as body:
                while data := await self._next(body):
                    self.record.take(data)
                    for delta in self.reception.feed(data):
                        yield delta
                    await self._rest(data)
                for delta in self.reception.end():
                    yield delta
                if self.reception.error is not None:
                    raise self._named(self.reception.error)
                await _drain(body)
        finally:
            await response.aclose()

    async def _send(self, http: httpx.AsyncClient) -> httpx.Response:
        timers = self._timers
        request = http.build_request(
            "POST",
            self._endpoint.url,
            content=self._body,
            headers=self._request_headers(),
            timeout=httpx.Timeout(None, connect=timers.connect, write=timers.write),
            extensions={"progress": self._progress},
        )
        self._recording.sent(request)
        try:
            return await self._deadlines.wait(http.send(request, stream=True))
        except httpx.TransportError as error:
            raise self._unreachable(error) from None
        except AddressRefused as error:
            raise UpstreamError(ErrorKind.UNREACHABLE, reason=error.code) from None

    def _request_headers(self) -> Mapping[str, str]:
        return {
            **self._endpoint.headers(),
            "Content-Type": "application/json",
            "Accept": "text/event-stream, application/json",
        }

    async def _next(self, body: AsyncIterator[bytes]) -> bytes:
        """Return the next bytes; none at the end of the body, of the answer, or of a broken one."""
        reception = self.reception
        if reception.is_done:
            return b""
        self._deadlines.note(reception.events, is_complete=reception.is_complete)
        try:
            return await self._deadlines.wait(anext(body, b""))
        except UnknownEncodingError:
            raise UpstreamError(ErrorKind.BAD_STREAM) from None
        except httpx.TransportError as error:
            if reception.has_deltas or reception.is_complete:
                return b""
            raise self._unreachable(error) from None
        except UpstreamError:
            if reception.is_complete:
                return b""
            raise

    async def _rest(self, data: bytes) -> None:
        """Pause between two reads, from the first delta to the end: nobody should wait for those.

        A full piece is followed by what has arrived already.
        """
        reception = self.reception
        is_flowing = reception.has_deltas and not reception.is_complete
        if self._pace is not None and is_flowing and len(data) < FULL_PIECE:
            await self._pace()

    async def _refusal(self, response: httpx.Response) -> UpstreamError:
        """Read the beginning of an error's body, without waiting long for it."""
        head = b""
        with suppress(TimeoutError, httpx.HTTPError, UnknownEncodingError):
            async with asyncio.timeout(_REFUSAL_SECONDS), aclosing(_body(response)) as body:
                async for data in body:
                    head += data
                    self.record.take(data)
                    if len(head) >= HEAD_BYTES:
                        break
        return classify(response.status_code, response.headers, head, key=self._endpoint.key)

    def _unreachable(self, error: httpx.TransportError) -> UpstreamError:
        """Turn a connection's failure into ours; only a failure to connect has words to show."""
        words = str(error) if isinstance(error, httpx.ConnectError) else ""
        detail = tidy(words, key=self._endpoint.key)
        return self._named(UpstreamError(ErrorKind.UNREACHABLE, detail=detail))

    def _named(self, error: UpstreamError) -> UpstreamError:
        error.request_id = error.request_id or self.request_id
        return error


def _body(response: httpx.Response) -> AsyncGenerator[bytes, None]:
    """Return the unpacked body; httpx's own decoders would unpack a bomb in one piece."""
    return unpacked(response.aiter_raw(), _decoder(response.headers))


def _decoder(headers: httpx.Headers) -> Decoder:
    """Return the body's decoder; a header that names none, such as a charset, is ignored."""
    try:
        return decoder_for(headers.get("content-encoding", ""))
    except UnknownEncodingError:
        return decoder_for("")


async def _drain(body: AsyncIterator[bytes]) -> None:
    """Read what little may follow the end, so that the connection can be used again."""
    with suppress(TimeoutError, httpx.HTTPError, UnknownEncodingError):
        async with asyncio.timeout(_DRAIN_SECONDS):
            async for _ in body:
                pass

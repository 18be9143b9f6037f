"""One HTTP request and the reading of its response."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, suppress
from typing import cast

import httpx

from conversations.network.addresses import AddressRefused
from conversations.upstream.answer.answer import Delta
from conversations.upstream.asking.deadlines import Clock
from conversations.upstream.body.response_body import HEAD_BYTES, Reception
from conversations.upstream.endpoint import Endpoint, Timers
from conversations.upstream.errors import ErrorKind, UpstreamError
from conversations.upstream.failures.classify import classify
from conversations.upstream.failures.classify import request_id as read_request_id
from conversations.upstream.failures.masking import tidy
from conversations.upstream.recording import Recording
from conversations.upstream.request import encode
from conversations.upstream.transport.pacing import Pace, PacedStream

_DRAIN_SECONDS = 0.05
_REFUSAL_SECONDS = 10.0


class Attempt:
    """Sends once and reads what comes; `deltas` closes the response however it ends."""

    def __init__(
        self,
        *,
        endpoint: Endpoint,
        body: Mapping[str, object],
        timers: Timers,
        clock: Clock,
        pace: Pace | None,
        recording: Recording,
    ) -> None:
        self._endpoint = endpoint
        self._body = encode(body)
        self._recording = recording
        self.trial = recording.begin(body)
        self._timers = timers
        self._clock = clock
        self._pace = pace
        self._connected = False
        self.was_sent = False
        self._answered = False
        self.reception = Reception({}, key=endpoint.key)
        self.request_id = ""

    @property
    def died_in_pool(self) -> bool:
        """Whether a connection from the pool ended before the first byte of an answer."""
        return not self._connected and not self._answered

    async def deltas(self, http: httpx.AsyncClient) -> AsyncGenerator[Delta, None]:
        """Yield deltas as they come; raise `UpstreamError` (or `httpx.PoolTimeout`)."""
        self._clock.begin_attempt()
        response = await self._send(http)
        self._answered = True
        self.trial.answer(response.status_code)
        try:
            headers = response.headers
            self.request_id = read_request_id(headers, key=self._endpoint.key)
            if not response.is_success:
                raise await self._refusal(response)
            self.reception = Reception(headers, key=self._endpoint.key)
            async with aclosing(_body(response)) as body:
                while data := await self._next(body):
                    self.trial.take(data)
                    for delta in self.reception.feed(data):
                        yield delta
                    self._keep_pace(response)
                for delta in self.reception.end():
                    yield delta
                if self.reception.error is not None:
                    raise self._named(self.reception.error)
                await _drain(body)
        finally:
            _set_pace(response, None)
            await response.aclose()

    async def _send(self, http: httpx.AsyncClient) -> httpx.Response:
        timers = self._timers
        request = http.build_request(
            "POST",
            self._endpoint.url,
            content=self._body,
            headers=self._request_headers(),
            timeout=httpx.Timeout(
                None, connect=timers.connect, write=timers.write, pool=timers.pool
            ),
            extensions={"trace": self._trace},
        )
        self._recording.sent(request)
        try:
            return await self._clock.wait(http.send(request, stream=True))
        except httpx.PoolTimeout:
            raise
        except httpx.TransportError as error:
            raise self._unreachable(error) from None
        except AddressRefused as error:
            raise UpstreamError(ErrorKind.UNREACHABLE, reason=error.code) from None

    def _keep_pace(self, response: httpx.Response) -> None:
        """Read in steps between the first delta, which nobody should wait for, and the end."""
        reception = self.reception
        is_flowing = reception.has_deltas and not reception.is_complete
        _set_pace(response, self._pace if is_flowing else None)

    def _request_headers(self) -> Mapping[str, str]:
        return {
            **self._endpoint.headers(),
            "Content-Type": "application/json",
            "Accept": "text/event-stream, application/json",
        }

    async def _trace(self, name: str, _info: Mapping[str, object]) -> None:
        """Learn from httpcore whether this request opened a connection, and whether it went out."""
        if name == "connection.connect_tcp.started":
            self._connected = True
        elif name == "http11.send_request_body.started":
            self.was_sent = True

    async def _next(self, body: AsyncIterator[bytes]) -> bytes:
        """Return the next bytes, or none at the end: of the body, of it all, or of a broken one."""
        reception = self.reception
        if reception.is_done:
            return b""
        self._clock.note(reception.events, is_complete=reception.is_complete)
        try:
            return await self._clock.wait(anext(body, b""))
        except httpx.DecodingError:
            raise UpstreamError(ErrorKind.BAD_STREAM) from None
        except httpx.TransportError as error:
            if reception.has_deltas or reception.is_complete:
                return b""
            raise self._unreachable(error) from None
        except UpstreamError:
            if reception.is_complete:
                return b""
            raise

    async def _refusal(self, response: httpx.Response) -> UpstreamError:
        """Read the beginning of an error's body, without waiting long for it."""
        head = b""
        with suppress(TimeoutError, httpx.HTTPError):
            async with asyncio.timeout(_REFUSAL_SECONDS), aclosing(_body(response)) as body:
                async for data in body:
                    head += data
                    self.trial.take(data)
                    if len(head) >= HEAD_BYTES:
                        break
        return classify(response.status_code, response.headers, head, key=self._endpoint.key)

    def _unreachable(self, error: httpx.TransportError) -> UpstreamError:
        """Turn a connection's failure into ours; only the opening of one has words to show."""
        words = str(error) if isinstance(error, httpx.ConnectError) else ""
        detail = tidy(words, key=self._endpoint.key)
        return self._named(UpstreamError(ErrorKind.UNREACHABLE, detail=detail))

    def _named(self, error: UpstreamError) -> UpstreamError:
        error.request_id = error.request_id or self.request_id
        return error


def _set_pace(response: httpx.Response, pace: Pace | None) -> None:
    stream: PacedStream = response.extensions["network_stream"]
    stream.pace = pace


def _body(response: httpx.Response) -> AsyncGenerator[bytes, None]:
    """Return the decoded body as what it is, a generator that can be closed."""
    return cast("AsyncGenerator[bytes, None]", response.aiter_bytes())


async def _drain(body: AsyncIterator[bytes]) -> None:
    """Read what little may follow the end, so that the connection can be used again."""
    with suppress(TimeoutError, httpx.HTTPError):
        async with asyncio.timeout(_DRAIN_SECONDS):
            async for _ in body:
                pass

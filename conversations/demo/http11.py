"""One HTTP/1.1 connection that runs an ASGI app: h11 knows the protocol, asyncio moves the bytes.

Made for the loopback: no TLS, no upgrades, no trailers.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus
from urllib.parse import unquote

import h11

from conversations.demo.asgi import App, Event, Scope

logger = logging.getLogger(__name__)

READ_BYTES = 64 * 1024


@dataclass(frozen=True)
class Limits:
    """What one connection may cost: `head` in bytes, the rest in seconds."""

    head: int = 32 * 1024
    """A request line with its headers; also what may be pipelined behind a running request."""
    idle: float = 75.0
    """Until the next request's head is complete."""
    read: float = 30.0
    """Between two pieces of a body."""
    write: float = 60.0
    """Until a client takes what was written."""
    linger: float = 2.0
    """For what a client still sends after its answer: closing earlier would reset the answer."""


DEFAULT_LIMITS = Limits()


class HttpConnection:
    """Serves the requests of one TCP connection, one after another, until either side closes."""

    def __init__(
        self,
        *,
        app: App,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self._app = app
        self._reader = reader
        self._writer = writer
        self._limits = limits
        self._h11 = h11.Connection(h11.SERVER, max_incomplete_event_size=limits.head)
        self._head_only = False

    async def serve(self) -> None:
        """Run until the connection ends; a protocol error is answered, a lost peer is not."""
        try:
            while await self._serve_request():
                self._h11.start_next_cycle()
        except h11.RemoteProtocolError as error:
            await self._refuse(error.error_status_hint)
        except OSError as error:  # includes TimeoutError: gone or too slow
            logger.debug("Demo connection ended: %r", error)
            self._writer.transport.abort()
        except asyncio.CancelledError:  # the server stops: wait for no slow reader
            self._writer.transport.abort()
            raise
        finally:
            self._writer.close()

    async def _serve_request(self) -> bool:
        """Answer one request; true when the connection can carry another."""
        async with asyncio.timeout(self._limits.idle):
            request = await self._next_event()
        if not isinstance(request, h11.Request):
            return False
        self._head_only = request.method == b"HEAD"
        try:
            await self._app(self._scope(request), self._receive, self._send)
        except (OSError, h11.RemoteProtocolError):
            raise
        except Exception:
            logger.exception("The demo failed on a request.")
        if self._h11.our_state is h11.SEND_RESPONSE:
            await self._respond_plainly(HTTPStatus.INTERNAL_SERVER_ERROR)
        return self._h11.our_state is h11.DONE and await self._rest_of_body_read()

    async def _next_event(self) -> h11.Event | type[h11.PAUSED]:
        while True:
            event = self._h11.next_event()
            if event is not h11.NEED_DATA:
                return event  # type: ignore[return-value]  # mypy keeps NEED_DATA in the union
            self._h11.receive_data(await self._reader.read(READ_BYTES))

    def _scope(self, request: h11.Request) -> Scope:
        raw_path, _, query = request.target.partition(b"?")
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": request.http_version.decode("ascii"),
            "method": request.method.decode("ascii"),
            "scheme": "http",
            "path": unquote(raw_path.decode("latin-1")),
            "raw_path": raw_path,
            "query_string": query,
            "root_path": "",
            "headers": list(request.headers),
            "client": self._writer.get_extra_info("peername"),
            "server": self._writer.get_extra_info("sockname"),
        }

    async def _receive(self) -> Event:
        if self._h11.their_state is not h11.SEND_BODY:
            await self._disconnected()
            return {"type": "http.disconnect"}
        if self._h11.they_are_waiting_for_100_continue:
            await self._write(h11.InformationalResponse(status_code=100, headers=[]))
        async with asyncio.timeout(self._limits.read):
            event = await self._next_event()
        if isinstance(event, h11.Data):
            return {"type": "http.request", "body": bytes(event.data), "more_body": True}
        return {"type": "http.request", "body": b"", "more_body": False}

    async def _disconnected(self) -> None:
        """Wait until the client is gone; requests pipelined meanwhile wait in h11's buffer."""
        waiting = 0
        try:
            while data := await self._reader.read(READ_BYTES):
                self._h11.receive_data(data)
                waiting += len(data)
                if waiting > self._limits.head:
                    return
        except OSError:
            return

    async def _send(self, event: Event) -> None:
        if event["type"] == "http.response.start":
            headers = [*event["headers"], (b"date", formatdate(usegmt=True).encode())]
            await self._write(h11.Response(status_code=event["status"], headers=headers))
            return
        if body := event.get("body"):
            await self._write(h11.Data(data=b"" if self._head_only else body))
        if not event.get("more_body"):
            await self._write(h11.EndOfMessage())

    async def _write(self, event: h11.Event) -> None:
        if data := self._h11.send(event):
            self._writer.write(data)
            async with asyncio.timeout(self._limits.write):
                await self._writer.drain()

    async def _rest_of_body_read(self) -> bool:
        """Read what the app left of the request's body, as far as it comes in time."""
        if self._h11.they_are_waiting_for_100_continue:
            return False
        async with asyncio.timeout(self._limits.linger):
            while self._h11.their_state is h11.SEND_BODY:
                await self._next_event()
        return self._h11.their_state is h11.DONE

    async def _refuse(self, status: int) -> None:
        if self._h11.our_state not in {h11.IDLE, h11.SEND_RESPONSE}:
            return
        try:
            await self._respond_plainly(HTTPStatus(status))
            self._writer.write_eof()
            async with asyncio.timeout(self._limits.linger):
                while await self._reader.read(READ_BYTES):
                    pass
        except OSError as error:
            logger.debug("Demo client left before its refusal: %r", error)

    async def _respond_plainly(self, status: HTTPStatus) -> None:
        text = f"{status.value} {status.phrase}\n".encode()
        headers = [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(text)).encode()),
            (b"connection", b"close"),
        ]
        await self._send(
            {"type": "http.response.start", "status": status.value, "headers": headers}
        )
        await self._send({"type": "http.response.body", "body": text})

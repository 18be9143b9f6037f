"""Daphne with a start, signals and a drain of our own, and a limit on request bodies."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Awaitable, Callable
from typing import Any

from daphne.http_protocol import HTTPFactory, WebRequest
from daphne.server import Server
from django.conf import settings
from twisted.internet import reactor

logger = logging.getLogger(__name__)

SERVICE_RESTART = 1012
# Autobahn holds what we send to this limit too, and a snapshot is the HTML of up to 1 MiB of text.
MAX_SOCKET_MESSAGE = 16 * 1024 * 1024
# Pages send far smaller frames (conversations/consumers.py), so larger ones are refused unread.
MAX_SOCKET_FRAME = 256 * 1024
# Seconds that sockets get to take their close frame.
CLOSING_SECONDS = 2.0
# Seconds that ``stop`` may take beyond its grace, and the process beyond that.
STOPPING_SECONDS = 10.0
LEAVING_SECONDS = 2.0


class LimitedRequest(WebRequest):
    """Refuses a body over the limit while it comes: Django sees one only when it is all there.

    Files may be larger than anything else, and are read only for who has a session to name.
    """

    def gotLength(self, length: int | None) -> None:  # noqa: N802 (Twisted's name)
        """The length that the client announces."""
        super().gotLength(length)
        self._received, self._limit = 0, self._find_limit()
        if length is not None and length > self._limit:
            self._refuse()

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802 (Twisted's name)
        """Some of the body."""
        self._received += len(data)
        if self._received > self._limit:
            self._refuse()
        else:
            super().handleContentChunk(data)

    def _find_limit(self) -> int:
        limit: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        cookies = b"; ".join(self.requestHeaders.getRawHeaders(b"cookie", []))
        path = self.channel._path  # noqa: SLF001 (Twisted tells the request only at its end)
        has_session = settings.SESSION_COOKIE_NAME.encode() + b"=" in cookies
        takes_files = has_session and path.startswith(settings.UPLOAD_PATHS)
        return limit + settings.MAX_ATTACHMENT_BYTES if takes_files else limit

    def _refuse(self) -> None:
        """Answer 413 on the bare connection and end it: the rest of the body is not read."""
        transport = self.channel.transport
        transport.write(
            b"HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        )
        transport.loseConnection()


class LimitedFactory(HTTPFactory):
    """Makes connections whose requests are limited."""

    def buildProtocol(self, addr: object) -> Any:  # noqa: N802 (Twisted's name)
        """One connection."""
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = LimitedRequest
        return protocol


class ChatServer(Server):
    """Runs ``start`` as it begins; on SIGTERM or SIGINT drains by ``stop`` and exits with 0.

    ``stop`` is given how many seconds running answers may take: SIGTERM's grace, none for SIGINT.
    """

    def __init__(
        self,
        application: Callable[..., Awaitable[None]],
        *,
        endpoints: list[str],
        start: Callable[[], Awaitable[None]],
        stop: Callable[[float], Awaitable[None]],
        grace: float,
    ) -> None:
        super().__init__(
            application,
            endpoints=endpoints,
            signal_handlers=False,
            server_name="",
            websocket_max_message_size=MAX_SOCKET_MESSAGE,
            websocket_max_frame_size=MAX_SOCKET_FRAME,
        )
        self._start, self._stop, self._grace = start, stop, grace
        self._ports: list[Any] = []
        self._ending: asyncio.Task[None] | None = None
        self.is_ending = False
        self.exit_code = 0

    @property
    def http_factory(self) -> HTTPFactory:
        """The factory of connections; Daphne's ``run`` assigns its own, which has no limits."""
        return self._factory

    @http_factory.setter
    def http_factory(self, factory: HTTPFactory) -> None:
        del factory
        self._factory = LimitedFactory(self)

    def run(self) -> None:
        """Serve until a signal."""
        # Later, not at once: the loop runs only after the reactor's own start.
        reactor.callLater(0, self._begin)
        super().run()

    def listen_success(self, port: Any) -> None:
        """Keep the port, to be closed when we end."""
        super().listen_success(port)
        self._ports.append(port)

    def listen_error(self, failure: Any) -> None:
        """The address is taken or not ours."""
        logger.critical(
            "Cannot listen: %s Set HOST and PORT to a free address.", failure.getErrorMessage()
        )
        self.exit_code = 1
        self.stop()

    def _begin(self) -> None:
        # A client that breaks the protocol gets a close code instead of a reset, as RFC 6455 asks.
        self.ws_factory.setProtocolOptions(failByDrop=False)
        loop = asyncio.get_running_loop()
        for number, grace in ((signal.SIGTERM, self._grace), (signal.SIGINT, 0.0)):
            loop.add_signal_handler(number, self._on_signal, grace)
        self._starting = loop.create_task(self._start_up())

    async def _start_up(self) -> None:
        try:
            await self._start()
        except Exception:
            logger.exception("The server could not start")
            self.exit_code = 1
            reactor.stop()

    def _on_signal(self, grace: float) -> None:
        if self.is_ending:
            self._leave()
            return
        self.is_ending = True
        self._ending = asyncio.get_running_loop().create_task(self._end(grace))

    async def _end(self, grace: float) -> None:
        """Drain, close the ports, tell each socket to come back later, and stop."""
        try:
            await self._stop_within(grace + STOPPING_SECONDS, grace)
            for port in self._ports:
                port.stopListening()
            self._close_sockets()
            await self._wait_for_sockets()
        finally:
            self._leave()

    async def _stop_within(self, seconds: float, grace: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stop(grace)
        except TimeoutError:
            logger.exception("Not everything could be ended in order")

    def _leave(self) -> None:
        """Stop; what then still holds the process is left behind.

        The thread of a request would wait half a minute for a database that does not serve.
        """
        leaving = threading.Timer(LEAVING_SECONDS, os._exit, [self.exit_code])
        leaving.daemon = True
        leaving.start()
        reactor.stop()

    def _close_sockets(self) -> None:
        for protocol in list(self.connections):
            # Not the consumer's close: autobahn lets an application send 1000 and 3000-4999 only.
            if hasattr(protocol, "sendCloseFrame"):
                protocol.sendCloseFrame(code=SERVICE_RESTART)

    async def _wait_for_sockets(self) -> None:
        for _ in range(int(CLOSING_SECONDS / 0.05)):
            if all("disconnected" in details for details in self.connections.values()):
                return
            await asyncio.sleep(0.05)

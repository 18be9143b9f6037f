"""The part of HTTP/1.1 that the fake upstream needs, on asyncio's transports."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from typing import Any, cast


@dataclass
class Request:
    """A request; `closed_at` is set once the client has closed the connection."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    time: float = field(default_factory=time.monotonic)
    closed_at: float | None = None
    _closed: threading.Event = field(default_factory=threading.Event, repr=False)

    @property
    def json(self) -> dict[str, Any]:
        return cast("dict[str, Any]", json.loads(self.body))

    def wait_closed(self, timeout: float = 30.0) -> bool:
        """Wait, in any thread but the fake's, until the client has closed the connection."""
        return self._closed.wait(timeout)

    def mark_closed(self) -> None:
        if self.closed_at is None:
            self.closed_at = time.monotonic()
            self._closed.set()


class Connection(asyncio.Protocol):
    """A TCP connection: a buffer of bytes, and an event for its end."""

    def __init__(self, serve: Any) -> None:
        self._serve = serve
        self._buffer = bytearray()
        self._arrived = asyncio.Event()
        self._writable = asyncio.Event()
        self._writable.set()
        self.gone = asyncio.Event()
        self.current: Request | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self._task = asyncio.ensure_future(self._serve(self))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._arrived.set()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio calls it
        self.gone.set()
        self._arrived.set()
        self._writable.set()
        if self.current is not None:
            self.current.mark_closed()
        self._task.cancel()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    async def read_request(self) -> Request | None:
        """Return the next request, or None at the end of the connection."""
        while b"\r\n\r\n" not in self._buffer:
            if not await self._more():
                return None
        head, _, _ = bytes(self._buffer).partition(b"\r\n\r\n")
        del self._buffer[: len(head) + 4]
        first, *lines = head.decode("latin-1").split("\r\n")
        method, path, _ = first.split(" ", 2)
        headers: dict[str, str] = {}
        for line in lines:
            name, _, value = line.partition(":")
            name = name.strip().lower()
            headers[name] = (
                f"{headers[name]}, {value.strip()}" if name in headers else value.strip()
            )
        size = int(headers.get("content-length", "0"))
        while len(self._buffer) < size:
            if not await self._more():
                return None
        body = bytes(self._buffer[:size])
        del self._buffer[:size]
        self.current = Request(method=method, path=path, headers=headers, body=body)
        return self.current

    async def write(self, data: bytes) -> None:
        """Send bytes; raises `ConnectionResetError` when the client has gone."""
        if self.gone.is_set():
            raise ConnectionResetError
        self.transport.write(data)
        await self._writable.wait()
        if self.gone.is_set():
            raise ConnectionResetError

    def reset(self) -> None:
        """End the connection with a RST."""
        raw = self.transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()

    async def _more(self) -> bool:
        self._arrived.clear()
        await self._arrived.wait()
        return not self.gone.is_set()

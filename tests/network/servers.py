"""Servers that break the rules below HTTP: each runs a function over one connection in a thread."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

SECONDS = 10.0
Serve = Callable[[socket.socket], object]


@asynccontextmanager
async def serving(serve: Serve, *, receive_buffer: int | None = None) -> AsyncIterator[int]:
    """Accept one connection and hand it to `serve`; the port. Waits for `serve` to return."""
    with socket.socket() as listening:
        if receive_buffer is not None:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        listening.settimeout(SECONDS)
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        accepting = asyncio.create_task(asyncio.to_thread(_accept, listening, serve))
        yield listening.getsockname()[1]
        await accepting


def _accept(listening: socket.socket, serve: Serve) -> None:
    raw, _ = listening.accept()
    raw.settimeout(SECONDS)
    raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with raw:
        serve(raw)


def received_until_closed(raw: socket.socket) -> int:
    """Read until the client has closed the connection; the number of bytes."""
    total = 0
    try:
        while data := raw.recv(65536):
            total += len(data)
    except ConnectionResetError:
        pass
    return total

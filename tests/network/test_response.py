"""Reading of a body, and the end of its connection."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from conversations.network.transport import OutboundTransport
from tests.fakes.reply import Reply
from tests.fakes.website import FakeSite
from tests.network.servers import SECONDS, received_until_closed, serving
from tests.upstream.certificates import contexts

DESCRIPTORS = Path("/proc/self/fd")
CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


async def drip(reply: Reply) -> None:
    await reply.start()
    while True:
        await reply.send(b"x")
        await asyncio.sleep(0.001)


async def begin(
    transport: OutboundTransport, url: str
) -> tuple[httpx.Response, AsyncIterator[bytes]]:
    """Send a request; the response, and its raw pieces."""
    response = await transport.handle_async_request(httpx.Request("GET", url))
    return response, response.aiter_raw()


class Steps:
    """A server that sends one step after another, each when the test says so."""

    def __init__(self, *steps: bytes, resets: bool = False) -> None:
        self._steps = steps
        self._resets = resets
        self._go = threading.Semaphore(0)
        self._done = threading.Semaphore(0)

    def __call__(self, connection: socket.socket) -> None:
        connection.recv(65536)
        for step in self._steps:
            assert self._go.acquire(timeout=SECONDS)
            connection.sendall(step)
            self._done.release()
        assert self._go.acquire(timeout=SECONDS)
        if self._resets:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        connection.close()
        self._done.release()

    async def next(self) -> None:
        """Let it take a step, and wait until the bytes are on their way."""
        self._go.release()
        assert await asyncio.to_thread(self._done.acquire, timeout=SECONDS)


async def resolve_here(_host: str, _port: int) -> str:
    return "127.0.0.1"


@pytest.mark.parametrize("is_secure", [False, True])
@pytest.mark.parametrize("resets", [False, True])
async def test_a_piece_is_all_that_has_come_and_comes_before_the_end_of_the_connection(
    tmp_path: Path, *, resets: bool, is_secure: bool
) -> None:
    secure, trusting = contexts("upstream.test", tmp_path)
    # Few enough that TCP sends them without waiting for the client: a reset drops what waits.
    words = [b"word %d " % number for number in range(6)]
    server = Steps(CHUNKED + chunk(b"first"), *map(chunk, words), resets=resets)

    def serve(raw: socket.socket) -> None:
        server(secure.wrap_socket(raw, server_side=True) if is_secure else raw)

    async with (
        OutboundTransport(resolve=resolve_here, tls=trusting) as transport,
        serving(serve) as port,
    ):
        url = f"http{'s' * is_secure}://upstream.test:{port}/"
        sending = asyncio.create_task(begin(transport, url))
        await server.next()
        response, pieces = await sending
        assert await anext(pieces) == b"first"
        for _ in words:
            await server.next()
        await server.next()
        # The event loop has had every chance to notice the end.
        await asyncio.sleep(0.05)
        assert await anext(pieces) == b"".join(words)
        with pytest.raises(httpx.RemoteProtocolError):
            await anext(pieces)
        await response.aclose()


async def test_what_nobody_reads_is_not_fetched(transport: OutboundTransport) -> None:
    size, sent = 50_000_000, list[int]()

    def serve(raw: socket.socket) -> None:
        raw.recv(65536)
        raw.settimeout(1)
        raw.sendall(CHUNKED + chunk(b"first"))
        left = memoryview(chunk(b"x" * size))
        try:
            while left:
                left = left[raw.send(left[:65536]) :]
        except TimeoutError:
            sent.append(size - len(left))

    async with serving(serve) as port:
        response, pieces = await begin(transport, f"http://127.0.0.1:{port}/")
        await anext(pieces)
    assert sent[0] < size / 2
    await response.aclose()


async def test_a_body_read_to_its_end_frees_the_connection(
    transport: OutboundTransport, site: FakeSite
) -> None:
    for _ in range(3):
        response, pieces = await begin(transport, site.url)
        assert [piece async for piece in pieces] == [b"Hello"]
        await response.aclose()
    assert site.accepted == 1


async def test_leaving_early_closes_the_connection(
    transport: OutboundTransport, site: FakeSite
) -> None:
    site.pages["/"] = drip
    response, pieces = await begin(transport, site.url)
    await anext(pieces)
    await response.aclose()
    # Without a turn of the event loop in between.
    assert site.requests[0].wait_closed()


async def test_cancelled_while_the_request_is_being_sent(transport: OutboundTransport) -> None:
    """The rest is not sent after it, however slowly the server reads."""
    body, received = b"x" * 50_000_000, list[int]()
    begun, cancelled = threading.Event(), threading.Event()

    def serve(raw: socket.socket) -> None:
        raw.recv(4096)
        begun.set()
        cancelled.wait(SECONDS)
        received.append(received_until_closed(raw))

    async with serving(serve, receive_buffer=4096) as port:
        request = httpx.Request("POST", f"http://127.0.0.1:{port}/", content=body)
        sending = asyncio.create_task(transport.handle_async_request(request))
        await asyncio.to_thread(begun.wait, SECONDS)
        sending.cancel()
        await asyncio.wait([sending])
        cancelled.set()
    assert received[0] < len(body) / 2


@pytest.mark.parametrize("answers", [False, True])
async def test_a_server_need_not_say_goodbye(tmp_path: Path, *, answers: bool) -> None:
    """Over TLS, too, a connection is closed at once, before the head and within the body."""
    secure, trusting = contexts("upstream.test", tmp_path)
    begun = threading.Event()

    def serve(raw: socket.socket) -> None:
        with secure.wrap_socket(raw, server_side=True) as tls:
            tls.recv(65536)
            if answers:
                tls.sendall(CHUNKED + chunk(b"first"))
            begun.set()
            # Beneath TLS: its closing message is read and not answered.
            with socket.socket(fileno=os.dup(tls.fileno())) as beneath:
                beneath.settimeout(SECONDS)
                received_until_closed(beneath)

    async with (
        OutboundTransport(resolve=resolve_here, tls=trusting) as transport,
        serving(serve) as port,
    ):
        reading = asyncio.create_task(_read_on(transport, f"https://upstream.test:{port}/"))
        await asyncio.to_thread(begun.wait, SECONDS)
        reading.cancel()
        await asyncio.wait([reading])


async def _read_on(transport: OutboundTransport, url: str) -> None:
    response, pieces = await begin(transport, url)
    try:
        async for _ in pieces:
            pass
    finally:
        await response.aclose()


async def test_cancelled_in_the_handshake(transport: OutboundTransport) -> None:
    begun = threading.Event()

    def serve(raw: socket.socket) -> None:
        raw.recv(65536)
        begun.set()
        received_until_closed(raw)

    async with serving(serve) as port:
        reading = asyncio.create_task(begin(transport, f"https://127.0.0.1:{port}/"))
        await asyncio.to_thread(begun.wait, SECONDS)
        reading.cancel()
        await asyncio.wait([reading])


def open_sockets() -> int:
    return sum(_is_socket(link) for link in list(DESCRIPTORS.iterdir()))


def _is_socket(link: Path) -> bool:
    try:
        return str(link.readlink()).startswith("socket:")
    except FileNotFoundError:  # The listing's own descriptor is closed by now.
        return False


@pytest.mark.skipif(not DESCRIPTORS.exists(), reason="needs Linux's /proc")
async def test_no_socket_is_left_of_cancelled_requests(
    transport: OutboundTransport, site: FakeSite
) -> None:
    site.pages["/"] = drip
    before = open_sockets()
    for turn in range(10):
        tasks = [asyncio.create_task(_read_on(transport, site.url)) for _ in range(30)]
        for number, task in enumerate(tasks):
            # From before the first connection is opened until well within the bodies.
            if number % 10 == 0:
                await asyncio.sleep(0.001 * turn)
            task.cancel()
        await asyncio.wait(tasks)
        assert all(task.cancelled() for task in tasks)
    for _ in range(500):
        if open_sockets() <= before and not site.open_connections:
            break
        await asyncio.sleep(0.01)
    assert open_sockets() <= before
    assert site.open_connections == 0

"""Each way in which a connection fails is told as httpx names it."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest

from conversations.network.transport import OutboundTransport
from tests.fakes import behaviours
from tests.fakes.upstream import FakeUpstream
from tests.fakes.website import FakeSite
from tests.network.sending import send
from tests.network.servers import SECONDS, received_until_closed, serving
from tests.upstream.certificates import contexts

TIMEOUTS = {"connect": 0.3, "write": 0.3, "read": None, "pool": None}


async def failure(transport: OutboundTransport, url: str, **options: Any) -> httpx.TransportError:
    with pytest.raises(httpx.TransportError) as caught:
        await send(transport, url, **options)
    return caught.value


async def test_refused(transport: OutboundTransport) -> None:
    error = await failure(transport, "http://127.0.0.1:9/")
    assert (type(error), str(error)) == (httpx.ConnectError, "Connection refused")


async def test_an_unknown_name(transport: OutboundTransport) -> None:
    error = await failure(transport, "http://no-such-host.invalid/")
    assert type(error) is httpx.ConnectError
    assert str(error)


async def test_an_untrusted_certificate(transport: OutboundTransport, tmp_path: Path) -> None:
    server, _ = contexts("upstream.test", tmp_path)
    with FakeUpstream(tls=server) as fake:
        error = await failure(transport, fake.url)
        assert type(error) is httpx.ConnectError
        assert "certificate verify failed" in str(error)
        assert "SSLContext object" not in str(error)
        assert fake.requests == []


async def test_https_of_a_server_that_speaks_http(transport: OutboundTransport) -> None:
    async with serving(lambda raw: raw.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as port:
        error = await failure(transport, f"https://127.0.0.1:{port}/")
    assert type(error) is httpx.ConnectError


async def test_a_handshake_that_does_not_end(transport: OutboundTransport) -> None:
    options = {"extensions": {"timeout": TIMEOUTS}}
    async with serving(received_until_closed) as port:
        error = await failure(transport, f"https://127.0.0.1:{port}/", **options)
    assert type(error) is httpx.ConnectTimeout


async def test_a_name_server_that_does_not_answer() -> None:
    async def resolve(_host: str, _port: int) -> str:
        await asyncio.Event().wait()
        raise AssertionError

    async with OutboundTransport(resolve=resolve, tls=ssl.create_default_context()) as transport:
        options = {"extensions": {"timeout": TIMEOUTS}}
        error = await failure(transport, "http://upstream.test/", **options)
    assert type(error) is httpx.ConnectTimeout


async def test_a_resolver_that_fails() -> None:
    async def resolve(_host: str, _port: int) -> str:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    async with OutboundTransport(resolve=resolve, tls=ssl.create_default_context()) as transport:
        error = await failure(transport, "http://upstream.test/")
    assert (type(error), str(error)) == (httpx.ConnectError, "Name or service not known")


@pytest.mark.parametrize(
    ("behaviour", "kind"),
    [
        (behaviours.reset(), httpx.ReadError),
        (behaviours.raw(b""), httpx.RemoteProtocolError),
        (behaviours.raw(b"\x00\x01 no http\r\n\r\n"), httpx.RemoteProtocolError),
        (behaviours.raw(b"HTTP/1.1 200 OK\r\nx: " + b"x" * 70_000), httpx.RemoteProtocolError),
        (behaviours.raw(b"HTTP/1.1 200 OK\r\nx: " + b"x" * 9_000), httpx.RemoteProtocolError),
        (behaviours.raw(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"),
         httpx.RemoteProtocolError),
        (behaviours.body(b"half", ends=False), httpx.RemoteProtocolError),
        (behaviours.raw(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n"),
         httpx.RemoteProtocolError),
        (behaviours.reset("half"), httpx.RemoteProtocolError),
    ],
)  # fmt: skip
async def test_a_broken_response(
    transport: OutboundTransport, site: FakeSite, behaviour: Any, kind: type[Exception]
) -> None:
    site.pages["/"] = behaviour
    error = await failure(transport, site.url, method="POST", content=b"{}")
    assert type(error) is kind


async def test_a_server_that_takes_nothing(transport: OutboundTransport) -> None:
    has_failed, body, received = threading.Event(), b"x" * 50_000_000, list[int]()

    def serve(raw: socket.socket) -> None:
        has_failed.wait(SECONDS)
        received.append(received_until_closed(raw))

    async with serving(serve, receive_buffer=4096) as port:
        options = {"method": "POST", "content": body, "extensions": {"timeout": TIMEOUTS}}
        error = await failure(transport, f"http://127.0.0.1:{port}/", **options)
        has_failed.set()
    assert type(error) is httpx.WriteTimeout
    assert received[0] < len(body)


async def test_a_slow_server_that_takes_some_is_waited_for(
    transport: OutboundTransport, site: FakeSite
) -> None:
    """The write timeout ends with the body: then other timers count."""
    gate = behaviours.Hold()
    site.pages["/"] = behaviours.say("late", hold=gate)
    asyncio.get_running_loop().call_later(0.6, gate.release)
    body = b'{"pad": "' + b"x" * 1_000_000 + b'"}'
    options = {"content": body, "extensions": {"timeout": TIMEOUTS}}
    assert (await send(transport, site.url, "POST", **options)).is_success

"""The server on raw sockets: keep-alive, pipelining, disconnects, broken requests, stopping."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import orjson
import pytest

from conversations.demo.server import HOST, DemoServer
from conversations.demo.stream import DEFAULT_PACE, Pace
from tests.demo.talk import MODELS, PATH, Streamed, body, closed

Socket = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def connected(server: DemoServer) -> AsyncIterator[Socket]:
    reader, writer = await asyncio.open_connection(HOST, int(server.base_url.rpartition(":")[2]))
    try:
        yield reader, writer
    finally:
        writer.close()


def request(server: DemoServer, question: str, *, headers: str = "", stream: bool = False) -> bytes:
    data = orjson.dumps(body(question, stream=stream))
    head = f"POST {PATH} HTTP/1.1\r\nHost: demo\r\nX-Api-Key: {server.key}\r\n{headers}"
    return f"{head}Content-Length: {len(data)}\r\n\r\n".encode() + data


async def read_answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = int(head.split("content-length: ")[1].split("\r\n")[0])
    return int(head.split()[1]), await reader.readexactly(length)


async def rest(reader: asyncio.StreamReader) -> bytes:
    async with asyncio.timeout(3):
        return await reader.read()


async def test_a_connection_serves_many_requests(
    client: httpx.AsyncClient, server: DemoServer
) -> None:
    for question, status in [("hi", 200), ("error 500", 500), ("hi", 200)] * 3:
        response = await client.post(PATH, json=body(question))
        assert response.status_code == status
    assert (await client.get("/nothing")).status_code == 404
    assert server.open_connections == 1


async def test_pipelined_requests_are_answered_in_order(server: DemoServer) -> None:
    async with connected(server) as (reader, writer):
        writer.write(b"".join(request(server, f"error {n}") for n in (401, 429, 503)))
        assert [(await read_answer(reader))[0] for _ in range(3)] == [401, 429, 503]


async def test_a_request_pipelined_behind_a_stream_waits_for_its_end(server: DemoServer) -> None:
    async with connected(server) as (reader, writer):
        writer.write(request(server, "hi", stream=True) + request(server, "error 503"))
        assert b"data: [DONE]" in await reader.readuntil(b"0\r\n\r\n")
        assert (await read_answer(reader))[0] == 503


async def test_a_request_may_come_byte_by_byte(server: DemoServer) -> None:
    async with connected(server) as (reader, writer):
        for byte in request(server, "error 429"):
            writer.write(bytes([byte]))
            await writer.drain()
        assert (await read_answer(reader))[0] == 429


async def test_a_chunked_request_is_read(client: httpx.AsyncClient) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for byte in orjson.dumps(body("hi")):
            yield bytes([byte])

    assert (await client.post(PATH, content=pieces())).status_code == 200


async def test_http_1_0_gets_an_answer_and_a_close(server: DemoServer) -> None:
    async with connected(server) as (reader, writer):
        writer.write(request(server, "hi", stream=True).replace(b"HTTP/1.1", b"HTTP/1.0"))
        answer = await rest(reader)
        assert b"transfer-encoding" not in answer.lower()
        assert answer.endswith(b"data: [DONE]\n\n")


async def test_connection_close_is_obeyed(server: DemoServer) -> None:
    async with connected(server) as (reader, writer):
        writer.write(request(server, "hi", headers="Connection: close\r\n"))
        assert (await read_answer(reader))[0] == 200
        assert await rest(reader) == b""


async def test_expect_continue_is_answered_first(server: DemoServer) -> None:
    head, data = request(server, "hi", headers="Expect: 100-continue\r\n").split(b"\r\n\r\n")
    async with connected(server) as (reader, writer):
        writer.write(head + b"\r\n\r\n")
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 100 ")
        writer.write(data)
        assert (await read_answer(reader))[0] == 200


async def test_a_head_request_gets_no_body(server: DemoServer) -> None:
    async with connected(server) as (reader, writer):
        writer.write(f"HEAD {PATH} HTTP/1.1\r\nHost: demo\r\nConnection: close\r\n\r\n".encode())
        answer = await rest(reader)
        assert answer.startswith(b"HTTP/1.1 405 ")
        assert answer.endswith(b"\r\n\r\n")


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"nonsense\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nBig: " + b"x" * 40_000, b"400"),
    ],
)
async def test_broken_requests_are_refused_and_closed(
    server: DemoServer, raw: bytes, status: bytes
) -> None:
    async with connected(server) as (reader, writer):
        writer.write(raw)
        answer = await reader.readuntil(b"\r\n\r\n")
        assert answer.split()[1] == status
        writer.write_eof()
        await rest(reader)
    await closed(server)


async def test_a_broken_chunk_is_refused(server: DemoServer) -> None:
    head = f"POST {PATH} HTTP/1.1\r\nHost: a\r\nX-Api-Key: {server.key}\r\n"
    async with connected(server) as (reader, writer):
        writer.write(f"{head}Transfer-Encoding: chunked\r\n\r\nzz\r\n".encode())
        assert (await reader.readuntil(b"\r\n\r\n")).split()[1] == b"400"


async def test_a_client_that_leaves_stops_its_answer() -> None:
    async with (
        DemoServer(models=MODELS, pace=Pace(first=0, delta=0.05)) as server,
        connected(server) as (reader, writer),
    ):
        writer.write(request(server, "long", stream=True))
        await reader.readuntil(b'"role"')
        assert server.open_connections == 1
        writer.close()
        await closed(server)


async def test_the_default_pace_is_a_readers_pace() -> None:
    async with DemoServer(models=MODELS) as server:
        loop = asyncio.get_running_loop()
        async with connected(server) as (reader, writer):
            start = loop.time()
            writer.write(request(server, "hi", stream=True))
            await reader.readuntil(b'"role"')
            for _ in range(10):
                await reader.readuntil(b'"content"')
            # The pauses of the server add up; a busy machine makes them longer, never shorter.
            assert loop.time() - start >= DEFAULT_PACE.first + 9 * DEFAULT_PACE.delta


async def test_stop_closes_streams_and_idle_connections() -> None:
    server = DemoServer(models=MODELS, pace=Pace(0, 0.05))
    await server.start()
    address = server.base_url
    async with connected(server) as (busy, writer), connected(server) as (idle, _):
        writer.write(request(server, "long", stream=True))
        await busy.readuntil(b'"role"')
        await server.stop()
        await server.stop()
        assert b"[DONE]" not in await rest(busy)
        assert await rest(idle) == b""
    assert server.open_connections == 0
    with pytest.raises(httpx.ConnectError):
        async with httpx.AsyncClient() as client:
            await client.get(address)


async def test_a_server_starts_again_and_says_when_it_is_not_running() -> None:
    server = DemoServer(models=MODELS)
    with pytest.raises(RuntimeError, match="start"):
        _ = server.base_url
    for _ in range(2):
        async with server:
            with pytest.raises(RuntimeError, match="already"):
                await server.start()
            assert server.base_url.startswith("http://127.0.0.1:")


async def test_a_taken_port_is_an_error(server: DemoServer) -> None:
    port = int(server.base_url.rpartition(":")[2])
    with pytest.raises(OSError, match="address"):
        await DemoServer(models=MODELS, port=port).start()


async def test_fifty_streams_at_once_all_end(client: httpx.AsyncClient) -> None:
    sends = [client.post(PATH, json=body(f"hi {n}", stream=True)) for n in range(50)]
    answers = [Streamed.read(response.content) for response in await asyncio.gather(*sends)]
    assert all(answer.done for answer in answers)
    assert all(f"> `hi {n}`\n" in a.joined("content") for n, a in enumerate(answers))

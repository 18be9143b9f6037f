"""What becomes of a request whose app fails: before its answer, and in the middle of it."""

from __future__ import annotations

import asyncio
import logging

import pytest

from conversations.demo.asgi import App, Receive, Scope, Send
from conversations.demo.http11 import HttpConnection


async def fail_at_once(scope: Scope, receive: Receive, send: Send) -> None:
    raise ValueError("no answer")


async def fail_in_the_middle(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"half", "more_body": True})
    raise ValueError("no end")


async def exchange(app: App) -> bytes:
    served = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await HttpConnection(app=app, reader=reader, writer=writer).serve()
        served.set()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server, asyncio.timeout(5):
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(b"GET / HTTP/1.1\r\nHost: demo\r\n\r\n")
        answer = await reader.read()
        writer.close()
        await served.wait()
    return answer


async def test_a_failure_before_the_answer_is_a_500(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        answer = await exchange(fail_at_once)
    assert answer.startswith(b"HTTP/1.1 500 ")
    assert "The demo failed on a request." in caplog.text


async def test_a_failure_in_the_answer_breaks_it_off() -> None:
    answer = await exchange(fail_in_the_middle)
    assert answer.endswith(b"4\r\nhalf\r\n")  # and no 0 for the end

"""Behaviours of the fake upstream: each gives a `Reply`, correctly or not."""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.fakes.reply import Reply

Behaviour = Callable[[Reply], Awaitable[None]]
CAPTURES = Path(__file__).parent.parent / "captures"


class Hold:
    """A point in an answer at which it waits until the test calls `release`."""

    def __init__(self) -> None:
        self._reached = threading.Event()
        self._released = threading.Event()

    def wait_reached(self, timeout: float = 30.0) -> bool:
        return self._reached.wait(timeout)

    @property
    def is_reached(self) -> bool:
        return self._reached.is_set()

    @property
    def is_released(self) -> bool:
        return self._released.is_set()

    def release(self) -> None:
        self._released.set()

    async def passed(self) -> None:
        self._reached.set()
        while not self._released.is_set():  # noqa: ASYNC110 - released by another thread
            await asyncio.sleep(0.005)


def say(
    *deltas: str,
    delay: float = 0.0,
    reasoning: Sequence[str] = (),
    finish: str | None = "stop",
    usage: bool = True,
    hold: Hold | None = None,
) -> Behaviour:
    """Answer with these deltas, streamed or plain as it was asked."""

    async def behave(reply: Reply) -> None:
        if not reply.request.json.get("stream"):
            if hold is not None:
                await hold.passed()
            thoughts = "".join(reasoning)
            await reply.completion(
                "".join(deltas), reasoning=thoughts, finish=finish or "stop", usage=usage
            )
            return
        await reply.start()
        await reply.delta(role="assistant", content="")
        for thought in reasoning:
            await reply.delta(reasoning_content=thought)
            await asyncio.sleep(delay)
        for delta in deltas:
            await reply.delta(content=delta)
            await asyncio.sleep(delay)
        if hold is not None:
            await hold.passed()
        await reply.finish(finish, usage=usage)

    return behave


def think(thought: str, text: str, *, holds: tuple[Hold, Hold]) -> Behaviour:
    """Reason and write, streamed; wait at the first hold after the thought, then after the text."""

    async def behave(reply: Reply) -> None:
        await reply.start()
        await reply.delta(role="assistant", reasoning_content=thought)
        await holds[0].passed()
        await reply.delta(content=text)
        await holds[1].passed()
        await reply.finish("stop", usage=True)

    return behave


def call(
    *calls: tuple[str, str],
    text: str = "",
    reasoning: Sequence[str] = (),
    finish: str = "tool_calls",
    usage: bool = True,
    hold: Hold | None = None,
) -> Behaviour:
    """Call tools by (name, arguments), streamed in pieces or plain as it was asked."""

    async def behave(reply: Reply) -> None:
        if not reply.request.json.get("stream"):
            await reply.completion(text or None, calls=_called(calls), finish=finish, usage=usage)
            return
        await reply.start()
        for thought in reasoning:
            await reply.delta(reasoning_content=thought)
        await reply.delta(role="assistant", content=text or None)
        for index, made in enumerate(_called(calls)):
            arguments = made["function"]["arguments"]
            function = {"name": made["function"]["name"], "arguments": ""}
            await reply.delta(tool_calls=[{**made, "index": index, "function": function}])
            for piece in re.findall(r".{1,5}", arguments, re.DOTALL):
                await reply.delta(tool_calls=[{"index": index, "function": {"arguments": piece}}])
        if hold is not None:
            await hold.passed()
        await reply.finish(finish, usage=usage)

    return behave


def _called(calls: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    return [
        {"id": f"call_{number}", "type": "function", "function": {"name": name, "arguments": text}}
        for number, (name, text) in enumerate(calls, 1)
    ]


async def echo(reply: Reply) -> None:
    """Repeat the last message, word by word."""
    last = str(reply.request.json["messages"][-1]["content"])
    await say(*re.findall(r"\s*\S+|\s+", f"You said: {last}"))(reply)


def fail(
    status: int,
    body: Any = None,
    headers: Mapping[str, str] | None = None,
    *,
    content_type: str = "application/json",
) -> Behaviour:
    """Answer with an error: a message in OpenAI's form, or any body."""
    if body is None or isinstance(body, str):
        body = {"error": {"message": body or f"failed with {status}", "type": "fake"}}
    content = body if isinstance(body, bytes) else json.dumps(body).encode()

    async def behave(reply: Reply) -> None:
        await reply.whole(content, status, headers, content_type=content_type)

    return behave


def body(
    *pieces: bytes,
    status: int = 200,
    content_type: str = "text/event-stream",
    headers: Mapping[str, str] | None = None,
    delay: float = 0.002,
    ends: bool = True,
) -> Behaviour:
    """Send a chunked body in these pieces; `ends=False` drops the connection after them."""

    async def behave(reply: Reply) -> None:
        await reply.start(status, headers, content_type=content_type)
        await reply.pieces(pieces, delay=delay)
        if ends:
            await reply.end()
        else:
            reply.connection.transport.close()

    return behave


def raw(*pieces: bytes, delay: float = 0.002) -> Behaviour:
    """Send bytes in place of an HTTP answer, then close."""

    async def behave(reply: Reply) -> None:
        await reply.pieces(pieces, delay=delay)
        reply.connection.transport.close()

    return behave


def replay(capture: str) -> Behaviour:
    """Send a recorded answer with the status, type, chunks and ending it had."""
    facts = json.loads((CAPTURES / "index.json").read_text())[capture]
    content = (CAPTURES / f"{capture}.sse").read_bytes()
    cuts = facts["chunk_sizes"] or [len(content)]
    pieces = [content[sum(cuts[:at]) : sum(cuts[: at + 1])] for at in range(len(cuts))]
    return body(
        *pieces,
        status=facts["status"],
        content_type=facts["content_type"],
        ends=facts["ended"] == "complete",
        delay=0.0,
    )


def stall(*deltas: str) -> Behaviour:
    """Send these deltas, then nothing, until the client gives up."""

    async def behave(reply: Reply) -> None:
        await reply.start()
        for delta in deltas:
            await reply.delta(content=delta)
        await reply.connection.gone.wait()

    return behave


async def hang(reply: Reply) -> None:
    """Send nothing at all, not even a head."""
    await reply.connection.gone.wait()


def comments(*, every: float = 0.02) -> Behaviour:
    """Send comments, and never an event."""

    async def behave(reply: Reply) -> None:
        await reply.start()
        while True:
            await reply.send(b": keep-alive\n\n")
            await asyncio.sleep(every)

    return behave


def endless(delta: str = "x", *, delay: float = 0.0, field: str = "content") -> Behaviour:
    """Send one delta for ever."""

    async def behave(reply: Reply) -> None:
        await reply.start()
        while True:
            await reply.delta(**{field: delta})
            await asyncio.sleep(delay)

    return behave


def reset(*deltas: str) -> Behaviour:
    """Send these deltas, then a RST; without deltas before any byte of an answer."""

    async def behave(reply: Reply) -> None:
        if deltas:
            await reply.start()
        for delta in deltas:
            await reply.delta(content=delta)
        if deltas:
            await asyncio.sleep(0.05)
        reply.connection.reset()

    return behave


def redirect(location: str, status: int = 307) -> Behaviour:
    """Point elsewhere."""
    return fail(status, b"", {"location": location}, content_type="text/html")


def page(status: int = 200, title: str = "Welcome") -> Behaviour:
    """Answer as a website does."""
    html = f"<!doctype html><html><head><title>{title}</title></head><body>Hello</body></html>"
    return fail(status, html.encode(), content_type="text/html; charset=utf-8")

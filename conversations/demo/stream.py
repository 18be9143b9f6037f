"""Sending of an answer at a readable pace, whole or with the fault that was asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

import orjson

from conversations.demo.asgi import Receive, Send
from conversations.demo.errors import NO_HEADERS
from conversations.demo.faults import Fault, inside_error
from conversations.demo.request import JsonObject
from conversations.demo.wire import Reply, completion, event, events

BROKEN_AFTER = 12
"""Events of a stream before its fault: the role and a few words."""
_BREAKING = frozenset({Fault.STALL, Fault.CUT, Fault.DROP, Fault.INSIDE})
_PAGE = b"<!doctype html><title>Demo</title><h1>A web page, because you asked for one</h1>"


@dataclass(frozen=True)
class Pace:
    """Seconds before the first delta, and before each next one."""

    first: float = 0.15
    delta: float = 0.025


DEFAULT_PACE = Pace()


async def send_json(
    send: Send, *, status: int, data: JsonObject, headers: Mapping[str, str] = NO_HEADERS
) -> None:
    """Send a JSON response."""
    body = orjson.dumps(data)
    sized = {"content-length": str(len(body)), **headers}
    await _start(send, status=status, content_type="application/json", headers=sized)
    await _piece(send, body, last=True)


async def send_plain(send: Send, *, reply: Reply, fault: Fault | None, pace: Pace) -> None:
    """Send an answer as one JSON object, or half of it where a fault breaks it off."""
    await asyncio.sleep(pace.first)
    if fault in {Fault.TIMEOUT, Fault.HTML, Fault.INSIDE}:
        await _send_instead(send, fault)
    elif fault in _BREAKING:
        body = orjson.dumps(completion(reply))
        await _start(send, status=200, content_type="application/json")
        await _piece(send, body[: len(body) // 2])
        await _break(send, fault)
    else:
        await send_json(send, status=200, data=completion(reply))


async def send_stream(
    send: Send, *, reply: Reply, include_usage: bool, fault: Fault | None, pace: Pace
) -> None:
    """Send an answer as server-sent events, or BROKEN_AFTER of them where a fault breaks it off."""
    if fault in {Fault.TIMEOUT, Fault.HTML}:
        await _send_instead(send, fault)
        return
    await _start(send, status=200, content_type="text/event-stream; charset=utf-8")
    await asyncio.sleep(pace.first)
    count = BROKEN_AFTER if fault in _BREAKING else None
    for data in islice(events(reply, include_usage=include_usage), count):
        await _piece(send, data)
        await asyncio.sleep(pace.delta)
    if fault in _BREAKING:
        await _break(send, fault)
    else:
        await _piece(send, b"", last=True)


async def unless_disconnected(sending: asyncio.Task[None], receive: Receive) -> None:
    """Wait for `sending`, and cancel it when the client disconnects. Raises what it raises."""
    leaving = asyncio.ensure_future(_disconnected(receive))
    try:
        await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if sending.done():
            sending.result()
    finally:
        sending.cancel()
        leaving.cancel()
        await asyncio.gather(sending, leaving, return_exceptions=True)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send_instead(send: Send, fault: Fault | None) -> None:
    if fault is Fault.INSIDE:
        await send_json(send, status=200, data=inside_error())
    elif fault is Fault.HTML:
        await _start(send, status=200, content_type="text/html; charset=utf-8")
        await _piece(send, _PAGE, last=True)
    else:
        await asyncio.Event().wait()  # silent until the client goes away


async def _break(send: Send, fault: Fault | None) -> None:
    if fault is Fault.STALL:
        await asyncio.Event().wait()  # silent until the client goes away
    if fault is Fault.INSIDE:
        await _piece(send, event(inside_error()))
    if fault is not Fault.DROP:  # without an end, the server breaks the connection
        await _piece(send, b"", last=True)


async def _start(
    send: Send, *, status: int, content_type: str, headers: Mapping[str, str] = NO_HEADERS
) -> None:
    fields = {"content-type": content_type, "cache-control": "no-store", **headers}
    pairs = [(name.encode(), value.encode()) for name, value in fields.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})


async def _piece(send: Send, body: bytes, *, last: bool = False) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": not last})

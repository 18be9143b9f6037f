"""Sends an answer at a reading pace, whole or with the fault that was asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

import orjson
from aiohttp import web

from conversations.demo.errors import NO_HEADERS
from conversations.demo.faults import Fault, inside_error
from conversations.demo.request import JsonObject
from conversations.demo.wire import Reply, completion, event, events

BROKEN_AFTER = 12
"""Events of a stream before its fault: the role, and a few words."""
_INSTEAD = frozenset({Fault.TIMEOUT, Fault.HTML})
_BREAKING = frozenset({Fault.STALL, Fault.CUT, Fault.DROP, Fault.INSIDE})
_PAGE = b"<!doctype html><title>Demo</title><h1>A web page, because you asked for one</h1>"


@dataclass(frozen=True)
class Pace:
    """Seconds before the first delta, and before each next one."""

    first: float = 0.15
    delta: float = 0.025


DEFAULT_PACE = Pace()


def json_response(
    data: JsonObject, *, status: int = 200, headers: Mapping[str, str] = NO_HEADERS
) -> web.Response:
    """Return one JSON object as a response."""
    fields = {"content-type": "application/json", "cache-control": "no-store", **headers}
    return web.Response(body=orjson.dumps(data), status=status, headers=fields)


async def send_plain(
    request: web.Request, *, reply: Reply, fault: Fault | None, pace: Pace
) -> web.StreamResponse:
    """Send an answer as one JSON object; a breaking fault leaves it half sent."""
    await asyncio.sleep(pace.first)
    if fault in _INSTEAD:
        return await _instead(fault)
    if fault is Fault.INSIDE:
        return json_response(inside_error())
    if fault not in _BREAKING:
        return json_response(completion(reply))
    body = orjson.dumps(completion(reply))
    response = await _begin(request, "application/json")
    await response.write(body[: len(body) // 2])
    await _break(request, response, fault)
    return response


async def send_stream(
    request: web.Request, *, reply: Reply, include_usage: bool, fault: Fault | None, pace: Pace
) -> web.StreamResponse:
    """Send an answer as server-sent events; a breaking fault ends it after a few."""
    if fault in _INSTEAD:
        return await _instead(fault)
    response = await _begin(request, "text/event-stream; charset=utf-8")
    await asyncio.sleep(pace.first)
    count = BROKEN_AFTER if fault in _BREAKING else None
    for data in islice(events(reply, include_usage=include_usage), count):
        await response.write(data)
        await asyncio.sleep(pace.delta)
    await _break(request, response, fault)
    return response


async def _instead(fault: Fault | None) -> web.Response:
    if fault is Fault.TIMEOUT:
        await _silence()
    fields = {"content-type": "text/html; charset=utf-8", "cache-control": "no-store"}
    return web.Response(body=_PAGE, headers=fields)


async def _break(request: web.Request, response: web.StreamResponse, fault: Fault | None) -> None:
    """Do in the middle of a response what `fault` asks for; nothing where there is none."""
    if fault is Fault.STALL:
        await _silence()
    if fault is Fault.INSIDE:
        await response.write(event(inside_error()))
    if fault is Fault.DROP and request.transport is not None:
        request.transport.close()


async def _silence() -> None:
    """Send nothing: the server cancels this when the client goes away."""
    await asyncio.Event().wait()


async def _begin(request: web.Request, content_type: str) -> web.StreamResponse:
    fields = {"content-type": content_type, "cache-control": "no-store"}
    response = web.StreamResponse(headers=fields)
    await response.prepare(request)
    return response

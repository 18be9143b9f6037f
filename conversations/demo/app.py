"""The demo upstream as an ASGI 3 app: one endpoint, one key."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Collection

from conversations.demo.asgi import Receive, Scope, Send
from conversations.demo.errors import ApiError
from conversations.demo.faults import requested
from conversations.demo.request import parse
from conversations.demo.sample_image import draw
from conversations.demo.script import answer
from conversations.demo.stream import (
    DEFAULT_PACE,
    Pace,
    send_json,
    send_plain,
    send_stream,
    unless_disconnected,
)
from conversations.demo.wire import Reply

PATH = "/v1/chat/completions"
BODY_LIMIT = 8 * 1024 * 1024  # bytes


class DemoApp:
    """Answers `POST /v1/chat/completions` to clients that send `key`, for the named `models`.

    Raises ValueError for an empty key, which would let everyone in.
    """

    def __init__(self, *, key: str, models: Collection[str], pace: Pace = DEFAULT_PACE) -> None:
        if not key:
            raise ValueError("The demo upstream needs a key that is not empty.")
        self._key = key.encode()
        self._models = frozenset(models)
        self._pace = pace

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one HTTP request. Raises RuntimeError for anything but HTTP."""
        if scope["type"] != "http":
            raise RuntimeError(f"The demo upstream serves HTTP only, not {scope['type']}.")
        try:
            await self._answer(scope, receive, send)
        except ApiError as error:
            await send_json(send, status=error.status, data=error.body(), headers=error.headers)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        _check_route(scope)
        self._check_key(dict(scope["headers"]))
        request = parse(await _read_body(receive), models=self._models)
        fault = requested(request.question)
        if isinstance(fault, ApiError):
            raise fault
        said = answer(request, fault)
        picture = await asyncio.to_thread(draw, said.drawn) if said.drawn else b""
        reply = Reply.of(request, said, picture)
        if request.stream:
            sending = send_stream(
                send,
                reply=reply,
                include_usage=request.include_usage,
                fault=fault,
                pace=self._pace,
            )
        else:
            sending = send_plain(send, reply=reply, fault=fault, pace=self._pace)
        await unless_disconnected(asyncio.ensure_future(sending), receive)

    def _check_key(self, headers: dict[bytes, bytes]) -> None:
        scheme, _, token = headers.get(b"authorization", b"").partition(b" ")
        bearer = token.strip() if scheme.lower() == b"bearer" else b""
        sent = headers.get(b"x-api-key") or bearer
        if not hmac.compare_digest(sent, self._key):
            raise ApiError(
                status=401,
                message="The API key is missing or wrong. Send it as 'x-api-key: KEY' or as "
                "'Authorization: Bearer KEY'.",
                code="invalid_api_key",
                kind="authentication_error",
            )


def _check_route(scope: Scope) -> None:
    if scope["path"] != PATH:
        raise ApiError(status=404, message=f"Nothing is here. Send POST {PATH}.", code="not_found")
    if scope["method"] != "POST":
        raise ApiError(
            status=405,
            message="This method is not allowed here. Send POST.",
            code="method_not_allowed",
            headers={"allow": "POST"},
        )


async def _read_body(receive: Receive) -> bytes:
    """Read the request's body. Raises ApiError (413) as soon as it is over the limit."""
    body = bytearray()
    more = True
    while more:
        event = await receive()
        body += event.get("body", b"")
        more = event.get("more_body", False)
        if len(body) > BODY_LIMIT:
            raise ApiError(
                status=413,
                message=f"The request body is over {BODY_LIMIT // 1024 // 1024} MB. Send less.",
                code="request_too_large",
            )
    return bytes(body)

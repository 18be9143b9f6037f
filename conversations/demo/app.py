"""The demo upstream as a web application: one endpoint, one key."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Collection

from aiohttp import web

from conversations.demo.errors import ApiError
from conversations.demo.faults import requested
from conversations.demo.request import parse
from conversations.demo.sample_image import draw
from conversations.demo.script import answer
from conversations.demo.stream import (
    DEFAULT_PACE,
    Pace,
    json_response,
    send_plain,
    send_stream,
)
from conversations.demo.wire import Reply

PATH = "/v1/chat/completions"
BODY_LIMIT = 8 * 1024 * 1024  # bytes


class DemoApp:
    """Answers `POST /v1/chat/completions` with the key `key`, for `models` only.

    Raises ValueError for an empty key, which would let everyone in.
    """

    def __init__(self, *, key: str, models: Collection[str], pace: Pace = DEFAULT_PACE) -> None:
        if not key:
            raise ValueError("The demo upstream needs a key that is not empty.")
        self._key = key.encode()
        self._models = frozenset(models)
        self._pace = pace

    def application(self) -> web.Application:
        """Return an application with this as its only handler."""
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self.handle)
        return application

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Respond to one request."""
        try:
            return await self._answer(request)
        except ApiError as error:
            return json_response(error.body(), status=error.status, headers=error.headers)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        _check_route(request)
        self._check_key(request)
        asked = parse(await _read_body(request), models=self._models)
        fault = requested(asked.question)
        if isinstance(fault, ApiError):
            raise fault
        said = answer(asked, fault)
        picture = await asyncio.to_thread(draw, said.drawn) if said.drawn else b""
        reply = Reply.of(asked, said, picture)
        if not asked.stream:
            return await send_plain(request, reply=reply, fault=fault, pace=self._pace)
        return await send_stream(
            request,
            reply=reply,
            include_usage=asked.include_usage,
            fault=fault,
            pace=self._pace,
        )

    def _check_key(self, request: web.Request) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        bearer = token.strip() if scheme.lower() == "bearer" else ""
        sent = request.headers.get("x-api-key") or bearer
        if not hmac.compare_digest(sent.encode("utf-8", "surrogateescape"), self._key):
            raise ApiError(
                status=401,
                message="The API key is missing or wrong. Send it as 'x-api-key: KEY' or as "
                "'Authorization: Bearer KEY'.",
                code="invalid_api_key",
                kind="authentication_error",
            )


def _check_route(request: web.Request) -> None:
    if request.path != PATH:
        raise ApiError(status=404, message=f"Nothing is here. Send POST {PATH}.", code="not_found")
    if request.method != "POST":
        raise ApiError(
            status=405,
            message="This method is not allowed here. Send POST.",
            code="method_not_allowed",
            headers={"allow": "POST"},
        )


async def _read_body(request: web.Request) -> bytes:
    """Read the request's body. Raises ApiError (413) as soon as it is over the limit."""
    body = bytearray()
    async for data in request.content.iter_any():
        body += data
        if len(body) > BODY_LIMIT:
            raise ApiError(
                status=413,
                message=f"The request body is over {BODY_LIMIT // 1024 // 1024} MB. Send less.",
                code="request_too_large",
            )
    return bytes(body)

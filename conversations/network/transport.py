"""httpx over aiohttp's connections, pinned to judged addresses where it is guarded."""

from __future__ import annotations

import asyncio
import ssl
from types import SimpleNamespace

import aiohttp
import httpx
from multidict import CIMultiDict
from yarl import URL

from conversations.network.failures import as_httpx
from conversations.network.resolver import PinnedResolver, Resolve, is_not_resolved
from conversations.network.response import AbortingResponse, ResponseBody, closed
from conversations.network.upload import Upload

KEEPALIVE_SECONDS = 60.0
# In bytes; aiohttp stops reading at twice as many. Over TLS, uvloop loses what it has not read when
# the server closes without TLS's closing message: no answer should fill this between two reads.
READ_AHEAD = 512 * 1024
# In bytes. Headers of more than aiohttp's 8 KB are odd, and no reason to lose an answer.
MAX_HEAD_LINE = 32 * 1024
MAX_HEADERS = 256
_ADDED_BY_AIOHTTP = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")


class Progress:
    """The progress of a request: put one into its extensions as `progress`."""

    def __init__(self) -> None:
        self.is_new_connection = False
        self.was_sent = False


class OutboundTransport(httpx.AsyncBaseTransport):
    """Sends what it is given, byte for byte and once; belongs to the running event loop.

    `resolve` names and judges the address for each host; without it any address is connected to.
    It follows no redirect, keeps no cookie and asks no proxy.
    """

    def __init__(self, *, resolve: Resolve | None, tls: ssl.SSLContext) -> None:
        self._resolve = resolve
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                ssl=tls,
                resolver=PinnedResolver(resolve) if resolve else aiohttp.ThreadedResolver(),
                use_dns_cache=False,
                limit=0,
                keepalive_timeout=KEEPALIVE_SECONDS,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            read_bufsize=READ_AHEAD,
            max_line_size=MAX_HEAD_LINE,
            max_field_size=MAX_HEAD_LINE,
            max_headers=MAX_HEADERS,
            middlewares=[_send_once],
            response_class=AbortingResponse,
            skip_auto_headers=_ADDED_BY_AIOHTTP,
            trace_configs=[_progress_trace()],
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request. Raises `httpx.TransportError`, or `AddressRefused` from `resolve`."""
        timeouts = request.extensions.get("timeout", {})
        upload = Upload(await request.aread(), timeouts.get("write"))
        await self._judge_literal(request.url)
        try:
            async with upload.watched():
                response = await self._session.request(
                    request.method,
                    _target(request.url),
                    headers=_headers(request),
                    data=upload.data,
                    allow_redirects=False,
                    timeout=aiohttp.ClientTimeout(connect=timeouts.get("connect")),
                    trace_request_ctx=request.extensions.get("progress"),
                )
        except aiohttp.ClientError as error:
            raise as_httpx(error) from error
        return httpx.Response(
            response.status, headers=response.raw_headers, stream=ResponseBody(response)
        )

    async def aclose(self) -> None:
        """Close all connections."""
        await self._session.close()

    async def _judge_literal(self, url: httpx.URL) -> None:
        """Judge an address that is connected to as it is written, without the resolver."""
        host = url.raw_host.decode("ascii")
        if self._resolve is not None and is_not_resolved(host):
            await self._resolve(host, port_of(url))


async def _send_once(
    request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Hide lost connections from aiohttp, which would send all but a POST or PATCH again."""
    try:
        return await send(request)
    except aiohttp.ClientError as error:
        raise as_httpx(error) from error
    except asyncio.CancelledError:
        await closed()
        raise


def port_of(url: httpx.URL) -> int:
    """Return the port to connect to."""
    return url.port or (443 if url.scheme == "https" else 80)


def _target(url: httpx.URL) -> URL:
    """Return the address for aiohttp, with path and query as one text that it does not requote."""
    return URL.build(
        scheme=url.scheme,
        authority=url.netloc.decode("ascii"),
        path=url.raw_path.decode("ascii"),
        encoded=True,
    )


def _headers(request: httpx.Request) -> CIMultiDict[str]:
    return CIMultiDict(
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw
    )


def _progress_trace() -> aiohttp.TraceConfig:
    """Return a trace that notes how far each request came in its `Progress`."""

    async def connecting(_session: object, context: SimpleNamespace, _event: object) -> None:
        if context.trace_request_ctx is not None:
            context.trace_request_ctx.is_new_connection = True

    async def sending(_session: object, context: SimpleNamespace, _event: object) -> None:
        if context.trace_request_ctx is not None:
            context.trace_request_ctx.was_sent = True

    trace = aiohttp.TraceConfig()
    trace.on_connection_create_start.append(connecting)
    trace.on_request_headers_sent.append(sending)
    return trace

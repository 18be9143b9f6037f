"""The guarded fetch: every request of a tool to another server goes through it.

http and https only; a host is resolved once, judged, and connected to at that very address; each
redirect is judged anew and gets nothing that was meant for another origin; time and unpacked bytes
are bounded.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace

import httpx

from conversations.network.addresses import AddressRefused, resolve_public
from conversations.network.decoding import UnknownEncodingError
from conversations.network.tls import trusted_roots
from conversations.network.transport import OutboundTransport, port_of
from conversations.tools.body_reader import BodyReader

MAX_BYTES = 1024 * 1024
MAX_SECONDS = 20.0
MAX_REDIRECTS = 5
MAX_URL = 8000
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SAFE = frozenset({"GET", "HEAD"})
_WITH_LENGTH = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_OURS = {"User-Agent": "Chatsite", "Accept": "*/*", "Accept-Encoding": "identity"}

_WORDS = {
    "bad_url": "this is no proper http or https address.",
    "bad_host": "the host of this address is not written as a proper name or address.",
    "not_public": "this address is not on the public internet.",
    "timed_out": "the server did not answer in time.",
    "unreachable": "the server could not be reached.",
    "too_many_redirects": f"the server redirected more than {MAX_REDIRECTS} times.",
    "redirect_with_body": "the server redirected what was sent to it elsewhere.",
    "broken": "the server's answer could not be read.",
}


class FetchError(Exception):
    """A fetch that failed. `code` is a key of `_WORDS`; the words are for the model."""

    def __init__(self, code: str) -> None:
        super().__init__(_WORDS[code])
        self.code = code


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """A request. `headers` and `body` are for the origin of `url` alone."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class FetchResponse:
    """A response. `url` is where the redirects ended; `is_cut`: the body was longer."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    is_cut: bool = False
    redirects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hop:
    """One request as it was sent, secrets included, and the head of its response.

    `status` is 0 where no response came.
    """

    method: str
    url: str
    sent: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)
    status: int = 0
    received: tuple[tuple[str, str], ...] = ()
    seconds: float = 0.0


async def fetch(
    request: FetchRequest,
    *,
    allowed_hosts: Collection[str] = (),
    max_bytes: int = MAX_BYTES,
    seconds: float = MAX_SECONDS,
    on_hop: Callable[[Hop], None] = lambda _: None,
) -> FetchResponse:
    """Send a request and follow redirects. Any status is a response; raises `FetchError`.

    `on_hop` is called for each request that was made, those of the redirects included.
    """
    guard = _Guard(allowed_hosts, max_bytes, on_hop)
    try:
        async with asyncio.timeout(seconds):
            return await _follow(request, guard)
    except TimeoutError:
        raise FetchError("timed_out") from None
    except AddressRefused as error:
        raise FetchError(error.code) from None
    except (httpx.ProtocolError, UnknownEncodingError):
        raise FetchError("broken") from None
    except httpx.TransportError:
        raise FetchError("unreachable") from None


@dataclass(frozen=True, slots=True)
class _Guard:
    allowed_hosts: Collection[str]
    max_bytes: int
    on_hop: Callable[[Hop], None]


async def _follow(request: FetchRequest, guard: _Guard) -> FetchResponse:
    visited: list[str] = []
    while True:
        response = await _send(request, guard)
        location = response.headers.get("location")
        if response.status not in _REDIRECTS or not location:
            return replace(response, redirects=tuple(visited))
        if len(visited) >= MAX_REDIRECTS:
            raise FetchError("too_many_redirects")
        visited.append(request.url)
        request = _redirected(request, response.status, location)


def _redirected(request: FetchRequest, status: int, location: str) -> FetchRequest:
    """Return the next request: another origin gets neither our headers nor our body."""
    old = parse_address(request.url)
    try:
        url = old.join(location).copy_with(fragment=None)
    except httpx.InvalidURL:
        raise FetchError("bad_url") from None
    keeps_method = request.method in _SAFE or status in {307, 308}
    method, body = (request.method, request.body) if keeps_method else ("GET", b"")
    if _origin(url) == _origin(old):
        return FetchRequest(str(url), method, request.headers, body)
    if body or method not in _SAFE:
        raise FetchError("redirect_with_body")
    return FetchRequest(str(url), method)


async def _send(request: FetchRequest, guard: _Guard) -> FetchResponse:
    """Send one request over a connection of its own: the address that is judged is connected to."""
    url = parse_address(request.url)
    pairs = _headers(url, request)

    async def resolve(host: str, port: int) -> str:
        return await resolve_public(host, port, allowed_hosts=guard.allowed_hosts)

    hop, started = Hop(request.method, str(url), pairs, request.body), time.perf_counter()
    try:
        async with OutboundTransport(resolve=resolve, tls=trusted_roots()) as transport:
            response = await transport.handle_async_request(
                httpx.Request(request.method, url, headers=pairs, content=request.body)
            )
            hop = replace(hop, status=response.status_code, received=_received(response))
            return await _read(str(url), response, guard.max_bytes)
    finally:
        guard.on_hop(replace(hop, seconds=time.perf_counter() - started))


def _received(response: httpx.Response) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw
    )


async def _read(url: str, response: httpx.Response, max_bytes: int) -> FetchResponse:
    headers = {name.lower(): value for name, value in _received(response)}
    try:
        reader = BodyReader(headers.get("content-encoding", ""), max_bytes)
        async with aclosing(response.aiter_raw()) as stream:  # type: ignore[type-var]  # a generator
            async for data in stream:
                reader.feed(data)
                if reader.is_cut:
                    break
    finally:
        await response.aclose()
    return FetchResponse(url, response.status_code, headers, reader.body, reader.is_cut)


def parse_address(text: str) -> httpx.URL:
    """Parse an address as the connection will be made from it; raises `FetchError` for odd ones."""
    if len(text) > MAX_URL or "\\" in text or any(ord(char) <= 0x20 for char in text):
        raise FetchError("bad_url")
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, TypeError, ValueError):
        raise FetchError("bad_url") from None
    is_odd = bool(url.userinfo) or not url.host or not 0 < port_of(url) < 65536
    if url.scheme not in {"http", "https"} or is_odd:
        raise FetchError("bad_url")
    return url


def _origin(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, port_of(url)


def _headers(url: httpx.URL, request: FetchRequest) -> tuple[tuple[str, str], ...]:
    given = {name.lower() for name in request.headers}
    ours = {name: value for name, value in _OURS.items() if name.lower() not in given}
    has_length = request.body or request.method in _WITH_LENGTH
    length = {"Content-Length": str(len(request.body))} if has_length else {}
    pairs = {"Host": url.netloc.decode("ascii"), **ours, **request.headers, **length}
    return tuple(pairs.items())

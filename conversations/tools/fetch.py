"""The guarded fetch: the one way out for everything that a tool asks of another server.

http and https only; a host is resolved once, judged, and connected to at that very address; each
redirect is judged anew and gets nothing that was meant for another origin; time and real bytes are
bounded. The cases are those of notes/reliability.md, S01 to S04.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace

import httpcore
import httpx

from conversations.network.addresses import AddressRefused, resolve_public
from conversations.network.pinned_connections import PinnedBackend, trusted_roots
from conversations.tools.decoding import BodyReader, UnknownEncodingError

MAX_BYTES = 1024 * 1024
MAX_SECONDS = 20.0
MAX_REDIRECTS = 5
MAX_URL = 8000
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SAFE = frozenset({"GET", "HEAD"})
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
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
    """What could not be fetched. `code` is one of a small set; the words are for the model."""

    def __init__(self, code: str) -> None:
        super().__init__(_WORDS[code])
        self.code = code


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """What is asked. `headers` and `body` are for the origin of `url` alone."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class FetchResponse:
    """What came, from `url` in the end; `is_cut`: it was longer than that."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    is_cut: bool = False
    redirects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hop:
    """One request as it went, secrets and all, and the head of what came; status 0: nothing did."""

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
    """Ask, following redirects. Raises `FetchError`; any status is an answer.

    `on_hop` is told each request that was made, the first one and those to where it was redirected.
    """
    guard = _Guard(allowed_hosts, max_bytes, on_hop)
    try:
        async with asyncio.timeout(seconds):
            return await _follow(request, guard)
    except (TimeoutError, httpcore.TimeoutException):
        raise FetchError("timed_out") from None
    except AddressRefused as error:
        raise FetchError(error.code) from None
    except (httpcore.ProtocolError, UnknownEncodingError):
        raise FetchError("broken") from None
    except httpcore.NetworkError:
        raise FetchError("unreachable") from None


@dataclass(frozen=True, slots=True)
class _Guard:
    allowed_hosts: Collection[str]
    max_bytes: int
    on_hop: Callable[[Hop], None]


async def _follow(request: FetchRequest, guard: _Guard) -> FetchResponse:
    visited: list[str] = []
    while True:
        response = await _ask(request, guard)
        location = response.headers.get("location")
        if response.status not in _REDIRECTS or not location:
            return replace(response, redirects=tuple(visited))
        if len(visited) >= MAX_REDIRECTS:
            raise FetchError("too_many_redirects")
        visited.append(request.url)
        request = _redirected(request, response.status, location)


def _redirected(request: FetchRequest, status: int, location: str) -> FetchRequest:
    """The next request: another origin gets neither our headers nor our body."""
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


async def _ask(request: FetchRequest, guard: _Guard) -> FetchResponse:
    """One hop, over a connection of its own: what is judged is what is connected to."""
    url = parse_address(request.url)
    pairs = _headers(url, request)

    async def judge(host: str, port: int) -> str:
        return await resolve_public(host, port, allowed_hosts=guard.allowed_hosts)

    origin = httpcore.Origin(url.raw_scheme, url.raw_host, _port(url))
    asked = httpcore.Request(
        request.method,
        httpcore.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=_port(url), target=url.raw_path
        ),
        headers=[(name.encode("latin-1"), value.encode("latin-1")) for name, value in pairs],
        content=request.body or None,
    )
    connection = httpcore.AsyncHTTPConnection(
        origin, ssl_context=trusted_roots(), network_backend=PinnedBackend(judge)
    )
    hop, started = Hop(request.method, str(url), pairs, request.body), time.perf_counter()
    try:
        response = await connection.handle_async_request(asked)
        hop = replace(hop, status=response.status, received=_received(response))
        return await _read(str(url), response, guard.max_bytes)
    finally:
        guard.on_hop(replace(hop, seconds=time.perf_counter() - started))
        await connection.aclose()


def _received(response: httpcore.Response) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers
    )


async def _read(url: str, response: httpcore.Response, max_bytes: int) -> FetchResponse:
    headers = {name.lower(): value for name, value in _received(response)}
    reader = BodyReader(headers.get("content-encoding", ""), max_bytes)
    async with aclosing(response.aiter_stream()) as stream:  # type: ignore[type-var]  # a generator
        async for data in stream:
            reader.feed(data)
            if reader.is_cut:
                break
    return FetchResponse(url, response.status, headers, reader.body, reader.is_cut)


def parse_address(text: str) -> httpx.URL:
    """Read an address as the connection will be made from it. Raises FetchError for an odd one."""
    if len(text) > MAX_URL or "\\" in text or any(ord(char) <= 0x20 for char in text):
        raise FetchError("bad_url")
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, TypeError, ValueError):
        raise FetchError("bad_url") from None
    is_odd = bool(url.userinfo) or not url.host or not 0 < _port(url) < 65536
    if url.scheme not in {"http", "https"} or is_odd:
        raise FetchError("bad_url")
    return url


def _port(url: httpx.URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)


def _origin(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, _port(url)


def _headers(url: httpx.URL, request: FetchRequest) -> tuple[tuple[str, str], ...]:
    given = {name.lower() for name in request.headers}
    ours = {name: value for name, value in _OURS.items() if name.lower() not in given}
    has_length = request.body or request.method in _WITH_BODY
    length = {"Content-Length": str(len(request.body))} if has_length else {}
    pairs = {"Host": url.netloc.decode("ascii"), **ours, **request.headers, **length}
    return tuple(pairs.items())

"""The guard: public addresses and https only, and connections pinned to a checked address."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from conversations.network.addresses import AddressRefused
from conversations.network.transport import OutboundTransport
from conversations.upstream.asking.pools import make_client
from conversations.upstream.endpoint import Endpoint
from conversations.upstream.errors import ErrorKind
from tests.fakes.upstream import FakeUpstream
from tests.upstream.certificates import contexts
from tests.upstream.conftest import KEY, Asked

Ask = Callable[..., Awaitable[Asked]]
NAME = "upstream.test"


@pytest.mark.parametrize(
    "host",
    ["localhost", "127.0.0.1", "127.1", "2130706433", "0x7f.1", "[::1]", "[::ffff:7f00:1]"],
)
async def test_a_guarded_endpoint_is_never_internal(
    ask: Ask, fake_upstream: FakeUpstream, host: str
) -> None:
    guarded = Endpoint(f"https://{host}:{fake_upstream.port}", KEY, guard=True)
    asked = await ask(endpoint=guarded)
    assert asked.failure.kind is ErrorKind.UNREACHABLE
    assert asked.failure.reason in {"not_public", "bad_host"}
    assert asked.retries == []
    assert fake_upstream.accepted == 0


async def test_a_guarded_endpoint_speaks_https(ask: Ask, fake_upstream: FakeUpstream) -> None:
    asked = await ask(endpoint=Endpoint(fake_upstream.url, KEY, guard=True))
    assert asked.failure.reason == "https_required"
    assert fake_upstream.accepted == 0


async def test_the_list_of_the_operator_opens_one_host(
    ask: Ask, fake_upstream: FakeUpstream
) -> None:
    guarded = Endpoint(fake_upstream.url, KEY, guard=True, allowed_hosts=frozenset({"127.0.0.1"}))
    assert (await ask(endpoint=guarded)).text == "You said: Hello"
    asked = await ask(endpoint=replace(guarded, allowed_hosts=frozenset({"other.example"})))
    assert asked.failure.reason == "https_required"


async def test_a_connection_opened_without_the_guard_is_not_shared(
    ask: Ask, fake_upstream: FakeUpstream
) -> None:
    base_url = f"http://localhost:{fake_upstream.port}"
    free = Endpoint(base_url, KEY, guard=False)
    assert (await ask(endpoint=free)).error is None
    allowed = replace(free, guard=True, allowed_hosts=frozenset({"localhost"}))
    assert (await ask(endpoint=allowed)).error is None
    assert fake_upstream.accepted == 2


@pytest.fixture
def tls(tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    return contexts(NAME, tmp_path)


@pytest.fixture
def secure_upstream(tls: tuple[ssl.SSLContext, ssl.SSLContext]) -> Iterator[FakeUpstream]:
    server, _ = tls
    with FakeUpstream(tls=server) as fake:
        names = fake.server_names
        server.sni_callback = lambda _socket, name, _context: names.append(name)
        yield fake


async def post(transport: OutboundTransport, url: str) -> httpx.Response:
    body = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}
    async with make_client(transport) as http:
        return await http.post(f"{url}/v1/chat/completions", json=body)


async def test_the_connection_is_pinned_and_the_name_is_kept(
    tls: tuple[ssl.SSLContext, ssl.SSLContext], secure_upstream: FakeUpstream
) -> None:
    asked: list[tuple[str, int]] = []

    async def resolve(host: str, port: int) -> str:
        asked.append((host, port))
        return "127.0.0.1"

    url = f"https://{NAME}:{secure_upstream.port}"
    response = await post(OutboundTransport(resolve=resolve, tls=tls[1]), url)
    assert response.status_code == 200
    assert asked == [(NAME, secure_upstream.port)]
    assert secure_upstream.server_names == [NAME]
    assert secure_upstream.requests[0].headers["host"] == f"{NAME}:{secure_upstream.port}"


async def test_the_certificate_must_be_of_the_name(
    tls: tuple[ssl.SSLContext, ssl.SSLContext], secure_upstream: FakeUpstream
) -> None:
    async def resolve(_host: str, _port: int) -> str:
        return "127.0.0.1"

    transport = OutboundTransport(resolve=resolve, tls=tls[1])
    with pytest.raises(httpx.ConnectError, match="certificate verify failed"):
        await post(transport, f"https://other.test:{secure_upstream.port}")
    assert secure_upstream.requests == []


async def test_nothing_is_sent_to_an_untrusted_server(
    ask: Ask, secure_upstream: FakeUpstream
) -> None:
    untrusted = Endpoint(secure_upstream.url, KEY, guard=False)
    asked = await ask(endpoint=untrusted, max_retries=0)
    assert asked.failure.kind is ErrorKind.UNREACHABLE
    assert "certificate" in asked.failure.detail.lower()
    assert secure_upstream.requests == []


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (AddressRefused("not_public"), AddressRefused),
        (OSError("no such host"), httpx.ConnectError),
    ],
)
async def test_a_resolver_may_refuse(failure: Exception, expected: Any) -> None:
    async def resolve(_host: str, _port: int) -> str:
        raise failure

    transport = OutboundTransport(resolve=resolve, tls=ssl.create_default_context())
    with pytest.raises(expected):
        await post(transport, "https://upstream.test")


async def test_unknown_names_are_unreachable(ask: Ask) -> None:
    for guard in (True, False):
        endpoint = Endpoint("https://no-such-host.invalid", KEY, guard=guard)
        asked = await ask(endpoint=endpoint, max_retries=0)
        assert asked.failure.kind is ErrorKind.UNREACHABLE
        assert asked.failure.reason == ""

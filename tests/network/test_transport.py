"""The request that arrives is the request that was given, at the address that was judged, once."""

from __future__ import annotations

import ssl
from typing import Any

import httpx
import pytest

from conversations.network.addresses import AddressRefused
from conversations.network.transport import MAX_HEAD_LINE, OutboundTransport, Progress
from tests.fakes import behaviours
from tests.fakes.website import FakeSite, serve
from tests.network.sending import send

PATHS = [
    "/", "/?", "/a?b=%41&c=1+2&d=%2B", "/%7Ea/%41;x=%2f//b/", "/a%20b?x=a%20b",
    "/%E4%BD%A0?%E5%A5%BD", "/a:b@c!$&'()*,;=", "/?a=b?c=d&e", "/?a=%00%0A", "/a?b=/../c",
    "/v1/%2e%2e/x", "/a?x=[1]",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
async def test_a_path_arrives_byte_for_byte(
    transport: OutboundTransport, site: FakeSite, path: str
) -> None:
    url = httpx.URL(f"{site.url}{path}")
    await send(transport, str(url))
    assert site.requests[0].path == url.raw_path.decode()


def test_httpx_leaves_these_paths_as_they_are() -> None:
    """Else the test before would compare nothing with nothing."""
    changed = {path for path in PATHS if httpx.URL(f"http://h{path}").raw_path.decode() != path}
    assert changed == set()


@pytest.mark.parametrize(
    ("method", "body", "length"),
    [
        ("GET", b"", {}),
        ("HEAD", b"", {}),
        ("POST", b"x", {"content-length": "1"}),
        ("POST", b"", {"content-length": "0"}),
        ("PUT", b"x", {"content-length": "1"}),
        ("DELETE", b"", {"content-length": "0"}),
    ],
)
async def test_nothing_is_added_but_the_length(
    transport: OutboundTransport, site: FakeSite, method: str, body: bytes, length: dict[str, str]
) -> None:
    site.pages["/"] = serve(b"")
    await send(transport, site.url, method, headers={"X-Mine": "1"}, content=body)
    [request] = site.requests
    assert request.headers == {"host": f"127.0.0.1:{site.port}", "x-mine": "1", **length}
    assert (request.method, request.body) == (method, body)


async def test_a_large_body_arrives_whole(transport: OutboundTransport, site: FakeSite) -> None:
    body = bytes(range(256)) * 20_000
    await send(transport, site.url, "POST", content=body)
    [request] = site.requests
    assert request.body == body
    assert request.headers["content-length"] == str(len(body))
    assert "transfer-encoding" not in request.headers


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize("behaviour", [behaviours.reset(), behaviours.raw(b"")])
@pytest.mark.parametrize("is_pooled", [False, True])
async def test_a_lost_request_is_not_sent_again(
    transport: OutboundTransport, site: FakeSite, method: str, behaviour: Any, *, is_pooled: bool
) -> None:
    if is_pooled:
        await send(transport, site.url)
    before = len(site.requests)
    site.pages["/lost"] = behaviour
    with pytest.raises(httpx.TransportError):
        await send(transport, f"{site.url}/lost", method)
    assert len(site.requests) == before + 1


async def test_a_redirect_is_a_response(transport: OutboundTransport, site: FakeSite) -> None:
    site.pages["/go"] = behaviours.redirect("/", 302)
    response = await send(transport, f"{site.url}/go")
    assert (response.status_code, response.headers["location"]) == (302, "/")
    assert len(site.requests) == 1


async def test_no_cookie_is_kept(transport: OutboundTransport, site: FakeSite) -> None:
    site.pages["/"] = serve("Hello", set_cookie="session=of-alice; Path=/")
    await send(transport, site.url)
    await send(transport, site.url)
    assert "cookie" not in site.requests[1].headers


async def test_no_proxy_of_the_environment_is_asked(
    transport: OutboundTransport, site: FakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FakeSite() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        assert (await send(transport, site.url)).text == "Hello"
        assert proxy.accepted == 0


async def test_connections_are_used_again(transport: OutboundTransport, site: FakeSite) -> None:
    progress = [Progress() for _ in range(3)]
    for each in progress:
        await send(transport, site.url, extensions={"progress": each})
    assert site.accepted == 1
    assert [each.is_new_connection for each in progress] == [True, False, False]
    assert all(each.was_sent for each in progress)


async def test_a_request_that_finds_no_server_was_not_sent(transport: OutboundTransport) -> None:
    progress = Progress()
    with pytest.raises(httpx.ConnectError):
        await send(transport, "http://127.0.0.1:9/", extensions={"progress": progress})
    assert (progress.is_new_connection, progress.was_sent) == (True, False)


async def test_odd_heads_are_read(transport: OutboundTransport, site: FakeSite) -> None:
    long = "x" * (MAX_HEAD_LINE - 200)
    many = "".join(f"x-{number}: {number}\r\n" for number in range(200))
    head = f"HTTP/1.1 200 \r\nlong: {long}\r\n{many}connection: close\r\n\r\nok"
    site.pages["/odd"] = behaviours.raw(head.encode())
    site.pages["/bare"] = behaviours.raw(b"HTTP/1.1 200\nconnection: close\n\nok")
    site.pages["/old"] = behaviours.raw(b"HTTP/1.0 200 OK\r\n\r\nok")
    site.pages["/latin"] = behaviours.raw("HTTP/1.1 200 OK\r\nx: é\r\n\r\nok".encode("latin-1"))
    response = await send(transport, f"{site.url}/odd")
    assert (response.headers["long"], response.headers["x-199"]) == (long, "199")
    for path in ("/odd", "/bare", "/old", "/latin"):
        assert (await send(transport, site.url + path)).text == "ok"


class Judge:
    """A resolver that notes what it is asked."""

    def __init__(self, *answers: str | Exception) -> None:
        self.asked: list[tuple[str, int]] = []
        self._answers = iter(answers)

    async def __call__(self, host: str, port: int) -> str:
        self.asked.append((host, port))
        answer = next(self._answers)
        if isinstance(answer, Exception):
            raise answer
        return answer


def guarded(judge: Judge) -> OutboundTransport:
    return OutboundTransport(resolve=judge, tls=ssl.create_default_context())


async def test_a_name_is_resolved_once_for_each_connection(site: FakeSite) -> None:
    judge = Judge("127.0.0.1", "203.0.113.1")
    url = f"http://upstream.test:{site.port}/"
    async with guarded(judge) as transport:
        for _ in range(3):
            assert (await send(transport, url)).text == "Hello"
    assert judge.asked == [("upstream.test", site.port)]
    assert site.requests[0].headers["host"] == f"upstream.test:{site.port}"


LITERALS = ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "127.1", "127.0.0.1.", "0"]


@pytest.mark.parametrize("host", LITERALS)
async def test_an_address_as_text_is_judged_too(site: FakeSite, host: str) -> None:
    judge = Judge(AddressRefused("not_public"))
    async with guarded(judge) as transport:
        with pytest.raises(AddressRefused):
            await send(transport, f"http://{host}:{site.port}/")
    assert judge.asked == [(host.strip("[]"), site.port)]
    assert site.accepted == 0


@pytest.mark.parametrize("host", ["localhost", "upstream.test", "0x7f.1", "0x7f000001"])
async def test_every_other_host_is_asked_of_the_resolver(site: FakeSite, host: str) -> None:
    judge = Judge(AddressRefused("not_public"))
    async with guarded(judge) as transport:
        with pytest.raises(AddressRefused):
            await send(transport, f"http://{host}:{site.port}/")
    assert [asked for asked, _ in judge.asked] == [host]
    assert site.accepted == 0

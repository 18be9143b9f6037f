"""The guarded fetch against real servers on this machine, which it may not reach unless allowed."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
import zlib
from collections.abc import Iterator

import pytest

from conversations.tools.fetch import FetchError, FetchRequest, fetch
from tests.fakes import behaviours
from tests.fakes.reply import Reply
from tests.fakes.website import FakeSite, serve

HERE = ("127.0.0.1",)


@pytest.fixture
def site() -> Iterator[FakeSite]:
    with FakeSite() as fake:
        fake.pages["/"] = serve("Hello")
        yield fake


@pytest.fixture
def canary() -> Iterator[FakeSite]:
    """A server on an address that is not allowed."""
    with FakeSite() as fake:
        yield fake


async def code_of(url: str, *, allowed: tuple[str, ...] = ()) -> str:
    with pytest.raises(FetchError) as caught:
        await fetch(FetchRequest(url), allowed_hosts=allowed, seconds=5)
    assert str(caught.value)
    return caught.value.code


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f.1", "0x7f000001", "017700000001", "0",
        "0.0.0.0", "localhost", "localhost.", "LOCALHOST", "127.0.0.1.", "[::1]", "[::]",
        "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:0:127.0.0.1]", "[::127.0.0.1]",
        "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[2001:0:7f00:1::]", "[fe80::1]", "[fc00::1]",
        "[fd00:ec2::254]", "100.64.0.1", "169.254.169.254", "10.0.0.1", "172.16.0.1",
        "192.168.1.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "１２７.0.0.1", "①②⑦.0.0.1",
        "127。0。0。1",
    ],
)  # fmt: skip
async def test_no_spelling_of_an_internal_address_is_reached(site: FakeSite, host: str) -> None:
    for scheme in ("http", "https"):
        code = await code_of(f"{scheme}://{host}:{site.port}/")
        assert code in {"not_public", "bad_host", "bad_url"}
    assert site.accepted == 0


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "gopher://127.0.0.1/", "ftp://example.org/", "javascript:alert(1)",
        "data:text/html,x", "//example.org/", "example.org", "", "http://", "http:///x",
        "http://user@127.0.0.1/", "http://example.org@127.0.0.1/", "http://127.0.0.1:99999/",
        "http://127.0.0.1\\@example.org/", "http://exa mple.org/", "http://example.org/\r\nX: y",
        "http://127.0.0.1:x/", "http://[::1/", "http://example.org/" + "x" * 9000,
    ],
)  # fmt: skip
async def test_odd_addresses_are_refused_before_anything_is_asked(url: str) -> None:
    assert await code_of(url, allowed=("127.0.0.1", "example.org")) in {"bad_url", "bad_host"}


async def test_a_name_that_leads_inside_is_refused(
    site: FakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name is resolved once, and the connection goes to the address that was checked."""
    asked: list[str] = []
    answers = iter(["127.0.0.1", "93.184.215.14"])

    async def resolve(name: str, port: int) -> list[str]:
        asked.append(name)
        return [next(answers)]

    monkeypatch.setattr("conversations.network.addresses._resolve", resolve)
    assert await code_of(f"http://rebinding.test:{site.port}/") == "not_public"
    assert asked == ["rebinding.test"]
    assert site.accepted == 0


async def test_one_address_among_public_ones_is_enough_to_refuse(
    site: FakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def resolve(name: str, port: int) -> list[str]:
        return ["93.184.215.14", "127.0.0.1"]

    monkeypatch.setattr("conversations.network.addresses._resolve", resolve)
    assert await code_of(f"http://mixed.test:{site.port}/") == "not_public"


async def test_the_operator_s_list_opens_a_host(site: FakeSite, canary: FakeSite) -> None:
    response = await fetch(FetchRequest(f"{site.url}/"), allowed_hosts=(f"127.0.0.1:{site.port}",))
    assert (response.status, response.body) == (200, b"Hello")
    assert await code_of(canary.url, allowed=(f"127.0.0.1:{site.port}",)) == "not_public"
    assert canary.accepted == 0


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_inside_is_refused(site: FakeSite, canary: FakeSite, status: int) -> None:
    target = canary.url.replace("127.0.0.1", "localhost")
    site.pages["/go"] = behaviours.redirect(target, status)
    assert await code_of(f"{site.url}/go", allowed=HERE) == "not_public"
    assert canary.accepted == 0


async def test_a_redirect_to_another_scheme_is_refused(site: FakeSite) -> None:
    site.pages["/go"] = behaviours.redirect("file:///etc/passwd", 302)
    assert await code_of(f"{site.url}/go", allowed=HERE) == "bad_url"


async def test_secrets_stay_with_the_origin_they_were_meant_for(
    site: FakeSite, canary: FakeSite
) -> None:
    canary.pages["/"] = serve("There")
    site.pages["/near"] = behaviours.redirect("/", 302)
    site.pages["/far"] = behaviours.redirect(f"{canary.url}/", 302)
    headers = {"Authorization": "Bearer secret", "X-Key": "secret", "Cookie": "secret"}
    near = await fetch(FetchRequest(f"{site.url}/near", headers=headers), allowed_hosts=HERE)
    assert (near.body, near.redirects) == (b"Hello", (f"{site.url}/near",))
    assert [request.headers.get("x-key") for request in site.requests] == ["secret", "secret"]
    far = await fetch(FetchRequest(f"{site.url}/far", headers=headers), allowed_hosts=HERE)
    assert far.body == b"There"
    assert "secret" not in str(canary.requests[0].headers)


@pytest.mark.parametrize("status", [307, 308])
async def test_what_is_sent_is_not_passed_on(site: FakeSite, canary: FakeSite, status: int) -> None:
    site.pages["/go"] = behaviours.redirect(f"{canary.url}/", status)
    request = FetchRequest(f"{site.url}/go", "POST", {}, b"secret")
    with pytest.raises(FetchError) as caught:
        await fetch(request, allowed_hosts=HERE)
    assert caught.value.code == "redirect_with_body"
    assert canary.accepted == 0


async def test_a_post_that_is_seen_elsewhere_is_got(site: FakeSite) -> None:
    site.pages["/go"] = behaviours.redirect("/", 303)
    response = await fetch(
        FetchRequest(f"{site.url}/go", "POST", {"X-Key": "k"}, b"body"), allowed_hosts=HERE
    )
    assert response.body == b"Hello"
    assert [request.method for request in site.requests] == ["POST", "GET"]
    assert [request.body for request in site.requests] == [b"body", b""]


async def test_redirects_end(site: FakeSite) -> None:
    site.pages["/go"] = behaviours.redirect("/go", 302)
    assert await code_of(f"{site.url}/go", allowed=HERE) == "too_many_redirects"
    assert len(site.requests) == 6


async def test_a_body_is_cut_by_its_real_bytes(site: FakeSite) -> None:
    site.pages["/big"] = behaviours.body(*[b"x" * 100_000] * 100, delay=0)
    response = await fetch(FetchRequest(f"{site.url}/big"), allowed_hosts=HERE, max_bytes=250_000)
    assert response.is_cut
    assert len(response.body) == 250_000


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_a_bomb_is_no_larger_than_its_limit(site: FakeSite, encoding: str) -> None:
    content = b"0" * 200_000_000
    packed = gzip.compress(content) if encoding == "gzip" else zlib.compress(content)
    del content
    site.pages["/bomb"] = serve(packed, content_encoding=encoding)
    tracemalloc.start()
    response = await fetch(FetchRequest(f"{site.url}/bomb"), allowed_hosts=HERE, max_bytes=10**6)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (response.is_cut, len(response.body)) == (True, 10**6)
    assert peak < 20_000_000


async def test_what_is_packed_is_unpacked(site: FakeSite) -> None:
    site.pages["/gzip"] = serve(gzip.compress(b"Hello"), content_encoding="gzip")
    response = await fetch(FetchRequest(f"{site.url}/gzip"), allowed_hosts=HERE)
    assert (response.body, response.is_cut) == (b"Hello", False)


@pytest.mark.parametrize("encoding", ["br", "gzip, gzip", "gzip"])
async def test_what_cannot_be_unpacked_is_told(site: FakeSite, encoding: str) -> None:
    site.pages["/odd"] = serve("not packed", content_encoding=encoding)
    assert await code_of(f"{site.url}/odd", allowed=HERE) == "broken"


async def drip(reply: Reply) -> None:
    await reply.start()
    while True:
        await reply.send(b"x")
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("behaviour", [behaviours.hang, drip])
async def test_time_is_bounded_as_a_whole(site: FakeSite, behaviour: behaviours.Behaviour) -> None:
    site.pages["/slow"] = behaviour
    with pytest.raises(FetchError) as caught:
        await fetch(FetchRequest(f"{site.url}/slow"), allowed_hosts=HERE, seconds=0.3)
    assert caught.value.code == "timed_out"
    assert await asyncio.to_thread(site.requests[0].wait_closed)


async def test_being_cancelled_closes_the_connection(site: FakeSite) -> None:
    site.pages["/slow"] = behaviours.hang
    fetching = asyncio.create_task(fetch(FetchRequest(f"{site.url}/slow"), allowed_hosts=HERE))
    await asyncio.to_thread(site.wait_for_requests, 1)
    fetching.cancel()
    assert await asyncio.to_thread(site.requests[0].wait_closed, 1.0)


async def test_a_server_that_is_none(site: FakeSite) -> None:
    site.pages["/junk"] = behaviours.raw(b"\x00\x01 no http\r\n\r\n")
    site.pages["/reset"] = behaviours.reset()
    assert await code_of(f"{site.url}/junk", allowed=HERE) == "broken"
    assert await code_of(f"{site.url}/reset", allowed=HERE) in {"unreachable", "broken"}
    port = site.port
    site.stop()
    assert await code_of(f"http://127.0.0.1:{port}/", allowed=HERE) == "unreachable"
    site.__init__()  # type: ignore[misc]  # so that the fixture has one to stop
    site.start()


async def test_the_machine_s_proxy_is_not_asked(
    site: FakeSite, canary: FakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, canary.url)
    await fetch(FetchRequest(f"{site.url}/"), allowed_hosts=HERE)
    assert canary.accepted == 0


async def test_what_a_server_is_told_of_us(site: FakeSite) -> None:
    await fetch(FetchRequest(f"{site.url}/?q=1#part"), allowed_hosts=HERE)
    await fetch(FetchRequest(f"{site.url}/", headers={"user-agent": "Mine"}), allowed_hosts=HERE)
    first, second = site.requests
    assert first.path == "/?q=1"
    assert first.headers == {
        "host": f"127.0.0.1:{site.port}",
        "user-agent": "Chatsite",
        "accept": "*/*",
        "accept-encoding": "identity",
    }
    assert second.headers["user-agent"] == "Mine"

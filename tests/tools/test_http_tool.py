"""HTTP tools against real servers on this machine."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest

from conversations.tools import http_tool as module
from conversations.tools.header_rules import problem_of
from conversations.tools.hiding import hide
from conversations.tools.http_answer import CHARACTERS
from conversations.tools.http_request import HttpSpec, request_for
from conversations.tools.http_tool import HttpToolRun, attempt
from tests.fakes import behaviours
from tests.fakes.reply import Reply
from tests.fakes.website import FakeSite, serve

HERE = ("127.0.0.1",)
SECRET = "Bearer tk-0123456789abcdef"
CITY = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}


@pytest.fixture
def site() -> Iterator[FakeSite]:
    with FakeSite() as fake:
        yield fake


@pytest.fixture
def other() -> Iterator[FakeSite]:
    """A server on another port, and so another origin."""
    with FakeSite() as fake:
        yield fake


def spec(url: str, method: str = "GET", **more: Any) -> HttpSpec:
    return HttpSpec(method, url, more.pop("parameters", CITY), **more)


async def run(made: HttpSpec, arguments: dict[str, Any] | None = None) -> HttpToolRun:
    return await attempt(made, arguments or {}, allowed_hosts=HERE)


async def test_a_get_has_its_arguments_in_the_address(site: FakeSite) -> None:
    site.pages["/w/K%C3%B6ln?units=C&day=1&day=2"] = serve('{"t": 7}', "application/json")
    made = spec(f"{site.url}/w/{{city}}?units={{units}}", secrets={"Authorization": SECRET})
    result = await run(made, {"city": "Köln", "units": "C", "day": [1, 2], "no": None})
    assert result.told == 'Status: 200 OK\nContent-Type: application/json\n\n{"t": 7}'
    assert not result.is_failure
    [request] = site.requests
    assert (request.method, request.body) == ("GET", b"")
    assert request.headers["authorization"] == SECRET


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
async def test_what_is_not_in_the_address_is_the_body(site: FakeSite, method: str) -> None:
    site.pages["/rooms/3?notify=true"] = serve("", "text/plain")
    made = spec(f"{site.url}/rooms/{{room}}?notify={{notify}}", method)
    result = await run(made, {"room": 3, "notify": True, "who": ["黎", None], "note": "a"})
    assert not result.is_failure
    [request] = site.requests
    assert request.method == method
    assert request.json == {"who": ["黎", None], "note": "a"}
    assert request.headers["content-type"] == "application/json"
    assert result.told.endswith("[no content]")


async def test_a_body_that_nothing_is_left_for_is_empty(site: FakeSite) -> None:
    site.pages["/x"] = site.pages["/Ulm"] = serve("done", "text/plain")
    await run(spec(f"{site.url}/{{city}}", "POST"), {"city": "Ulm"})
    await run(spec(f"{site.url}/x", "POST"), {})
    assert [request.body for request in site.requests] == [b"", b"{}"]
    assert site.requests[0].headers["content-length"] == "0"


async def test_a_delete_has_no_body(site: FakeSite) -> None:
    site.pages["/x?city=Ulm"] = serve("", "text/plain")
    result = await run(spec(f"{site.url}/x", "DELETE"), {"city": "Ulm"})
    assert not result.is_failure
    assert (site.requests[0].method, site.requests[0].body) == ("DELETE", b"")


async def test_a_head_is_told_by_its_headers(site: FakeSite) -> None:
    site.pages["/x"] = serve("", "text/plain", ETag='"7"', Set_Cookie="a=b")
    result = await run(spec(f"{site.url}/x", "HEAD", parameters={"type": "object"}))
    assert 'ETag: "7"' in result.told
    assert "a=b" not in result.told


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503])
async def test_a_refusal_is_a_failed_result_with_its_words(site: FakeSite, status: int) -> None:
    site.pages["/x"] = behaviours.fail(status, {"error": "no such city"})
    result = await run(spec(f"{site.url}/x", "POST"), {})
    assert result.is_failure
    assert f"Status: {status}" in result.told
    assert "no such city" in result.told


@pytest.mark.parametrize(
    ("body", "kind", "told"),
    [
        (b"\x89PNG\r\n\x1a\n\x00", "image/png", "[9 bytes, not text]"),
        (b"\xff\xfe\x00", "", "[3 bytes, not text]"),
        ("grüße".encode(), "", "grüße"),
        ("grüße".encode("latin-1"), "text/plain; charset=latin-1", "grüße"),
        (
            b"<title>T</title><p>Hi <b>there</b></p><script>no()</script>",
            "text/html",
            "# T\n\nHi there",
        ),
        (b"<a>1</a>", "application/atom+xml", "<a>1</a>"),
    ],
)
async def test_bodies_become_readable(site: FakeSite, body: bytes, kind: str, told: str) -> None:
    site.pages["/x"] = serve(body, kind)
    result = await run(spec(f"{site.url}/x", parameters={"type": "object"}))
    assert result.told.endswith(f"\n\n{told}")


async def test_a_huge_answer_is_cut(site: FakeSite) -> None:
    site.pages["/x"] = serve("x" * 3_000_000, "text/plain")
    result = await run(spec(f"{site.url}/x", parameters={"type": "object"}))
    assert len(result.told) < CHARACTERS + 200
    assert "only its first" in result.told
    assert result.response
    assert result.response.is_cut


async def test_a_slow_server_is_given_up(site: FakeSite, monkeypatch: pytest.MonkeyPatch) -> None:
    async def drip(reply: Reply) -> None:
        await reply.start()
        while True:
            await reply.send(b"x")
            await asyncio.sleep(0.05)

    monkeypatch.setattr(module, "SECONDS", 1.0)
    site.pages["/x"] = drip
    result = await run(spec(f"{site.url}/x", parameters={"type": "object"}))
    assert (result.is_failure, result.told) == (True, "the server did not answer in time.")
    # The head of the response, which did arrive, is recorded.
    assert result.hops[0].status == 200
    assert site.requests[0].wait_closed()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "[::1]", "0x7f.1"])
async def test_internal_addresses_are_refused(site: FakeSite, host: str) -> None:
    made = spec(f"http://{host}:{site.port}/x", secrets={"X-Key": SECRET})
    result = await attempt(made, {"city": "a"})
    assert result.is_failure
    assert site.accepted == 0


async def test_secrets_do_not_follow_a_redirect_to_another_origin(
    site: FakeSite, other: FakeSite
) -> None:
    site.pages["/far"] = behaviours.redirect(f"{other.url}/there", 302)
    site.pages["/near"] = behaviours.redirect("/here", 307)
    site.pages["/here"] = other.pages["/there"] = serve("ok", "text/plain")
    for path in ("far", "near"):
        made = spec(
            f"{site.url}/{path}",
            parameters={"type": "object"},
            headers={"X-Team": "ops"},
            secrets={"Authorization": SECRET},
        )
        result = await run(made)
        assert not result.is_failure
        assert "Redirected to:" in result.told
        assert [hop.status for hop in result.hops][1] == 200
    assert "authorization" not in other.requests[0].headers
    assert "x-team" not in other.requests[0].headers
    assert site.requests[-1].headers["authorization"] == SECRET


async def test_a_redirect_inside_is_refused(site: FakeSite, other: FakeSite) -> None:
    site.pages["/go"] = behaviours.redirect(f"http://localhost:{other.port}/", 302)
    result = await run(spec(f"{site.url}/go", parameters={"type": "object"}))
    assert (result.is_failure, other.accepted) == (True, 0)
    # The request to the forbidden origin is recorded without a status, because it was never sent.
    assert [hop.status for hop in result.hops] == [302, 0]


async def test_a_body_is_not_passed_on(site: FakeSite, other: FakeSite) -> None:
    site.pages["/go"] = behaviours.redirect(f"{other.url}/", 307)
    result = await run(spec(f"{site.url}/go", "POST"), {"city": "Ulm"})
    assert (result.is_failure, other.accepted) == (True, 0)


async def test_what_a_server_echoes_of_a_secret_is_hidden(site: FakeSite) -> None:
    async def echo(reply: Reply) -> None:
        said = json.dumps(dict(reply.request.headers))
        await reply.whole(said.encode(), 400)

    site.pages["/x"] = echo
    made = spec(f"{site.url}/x", parameters={"type": "object"}, secrets={"Authorization": SECRET})
    result = await run(made)
    assert "tk-0123456789" not in result.told
    assert "••••cdef" in result.told
    assert "tk-0123456789" not in repr(result.hops)
    assert "tk-0123456789" not in repr(made)


def test_secrets_are_found_however_they_are_spelled() -> None:
    secret = 'a"b c/d+0123456789'
    for spelled in (secret, json.dumps(secret)[1:-1], "a%22b%20c%2Fd%2B0123456789"):
        assert "0123456789" not in hide(f"x {spelled} y", [secret])
    assert hide("is it on", ["on"]) == "is it on"
    assert hide("key: shorty", ["shorty"]) == "key: ••••"


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("X-Key", "abc def", ""),
        ("Authorization", "Basic YTpi", ""),
        ("X Key", "a", "name"),
        ("X:Key", "a", "name"),
        ("", "a", "name"),
        ("Host", "a", "ours"),
        ("content-LENGTH", "1", "ours"),
        ("Transfer-Encoding", "chunked", "ours"),
        ("Proxy-Authorization", "a", "ours"),
        ("X", "a\r\nY: b", "value"),
        ("X", "ключ", "value"),
        ("X", "a\x00", "value"),
        ("X", " a", "value"),
        ("X", "a" * 9000, "too_long"),
    ],
)
def test_headers_that_cannot_be_sent(name: str, value: str, problem: str) -> None:
    assert problem_of(name, value) == problem


def test_a_content_type_of_one_s_own_stays() -> None:
    made = spec("https://a.example/", "POST", headers={"content-type": "application/vnd.x+json"})
    headers = request_for(made, {"city": "x"}).headers
    assert [value for name, value in headers.items() if name.lower() == "content-type"] == [
        "application/vnd.x+json"
    ]

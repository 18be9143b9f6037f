"""Templates of addresses: no argument changes the server or the path's structure."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.tools.base import ToolError
from conversations.tools.url_template import TemplateError, parse

HOST = "https://api.example.org"


@pytest.mark.parametrize(
    ("template", "arguments", "url"),
    [
        ("/cities/{city}", {"city": "São Paulo/Centro"}, "/cities/S%C3%A3o%20Paulo%2FCentro"),
        ("/a?q={q}&n={n}", {"q": "a&b=c#d", "n": 3}, "/a?q=a%26b%3Dc%23d&n=3"),
        ("/a?q={q}&n={n}", {"n": True}, "/a?n=true"),
        ("/a?q={q}", {"q": None}, "/a"),
        ("/a?fixed=1&q={q}", {}, "/a?fixed=1"),
        ("/{a}-{b}.json", {"a": "x", "b": 1.5}, "/x-1.5.json"),
        ("?q={q}", {"q": "x"}, "?q=x"),
        ("/a?list={l}", {"l": ["ä", 1]}, "/a?list=%5B%22%C3%A4%22%2C1%5D"),
        ("/{a}", {"a": "%2e%2e"}, "/%252e%252e"),
        ("/{a}", {"a": "{b}", "b": "no"}, "/%7Bb%7D"),
        ("/{a}", {"a": "\ud800"}, "/%3F"),
    ],
)
def test_arguments_are_percent_encoded(template: str, arguments: dict[str, Any], url: str) -> None:
    assert parse(HOST + template).fill(arguments) == HOST + url


@pytest.mark.parametrize(
    ("template", "code"),
    [
        ("https://{host}/", "bad_url"),
        ("https://api.{domain}/x", "not_literal"),
        ("https://api.example.org:{port}/", "not_literal"),
        ("{scheme}://api.example.org/", "bad_url"),
        ("ftp://example.org/", "bad_url"),
        ("https://user:secret@example.org/", "bad_url"),
        ("https://example.org\\@evil.org/", "bad_url"),
        ("https://exa mple.org/", "bad_url"),
        ("https:///x", "bad_url"),
        ("", "bad_url"),
        ("https://example.org/" + "x" * 2000, "bad_url"),
        ("https://example.org/#{a}", "fragment"),
        ("https://example.org/{a", "braces"),
        ("https://example.org/{a b}", "braces"),
        ("https://example.org/{{a}}", "braces"),
        ("https://example.org/a/../b", "dots"),
    ],
)
def test_what_is_no_template_says_why(template: str, code: str) -> None:
    with pytest.raises(TemplateError) as caught:
        parse(template)
    assert caught.value.code == code


@pytest.mark.parametrize("value", ["", "..", ".", "../x", "a/../../b", "..\\x", None])
def test_a_segment_leads_nowhere_else(value: str | None) -> None:
    with pytest.raises(ToolError):
        parse(f"{HOST}/users/{{id}}/posts").fill({"id": value})


def test_two_places_together_lead_nowhere_else() -> None:
    with pytest.raises(ToolError):
        parse(f"{HOST}/{{a}}{{b}}/x").fill({"a": ".", "b": "."})


def test_an_address_has_an_end() -> None:
    with pytest.raises(ToolError):
        parse(f"{HOST}/?q={{q}}").fill({"q": "x" * 9000})


def test_names_are_known() -> None:
    template = parse(f"{HOST}/{{a}}/{{b.c}}?d={{d}}&a={{a}}")
    assert template.path_names == {"a", "b.c"}
    assert template.names == {"a", "b.c", "d"}


@given(first=st.text(max_size=30), second=st.text(max_size=30))
def test_no_argument_changes_the_server_or_the_place(first: str, second: str) -> None:
    """The server, the segments and the names in the query are the same for any argument."""
    template = parse("https://api.example.org:8443/v1/{a}/end?x={b}&y=1")
    try:
        url = httpx.URL(template.fill({"a": first, "b": second}))
    except ToolError:
        return
    assert (url.scheme, url.host, url.port, url.userinfo) == ("https", "api.example.org", 8443, b"")
    path = url.raw_path.decode().partition("?")[0].split("/")
    assert [path[1], path[3], len(path)] == ["v1", "end", 4]
    assert [name for name, _ in url.params.multi_items()] == ["x", "y"]
    assert url.fragment == ""

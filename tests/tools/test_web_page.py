"""The text of web pages that the model reads."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from conversations.tools.base import Tool, ToolError
from conversations.tools.page_text import read_page
from conversations.tools.web_page import CHARACTERS, web_page
from tests.effort import bounded
from tests.fakes import behaviours
from tests.fakes.website import FakeSite, serve

URL = "https://example.org/a/page"
PAGE = """<!doctype html><html><head><title>The  harbour &amp; us</title>
<style>p { color: red }</style><script>alert("<p>no</p>")</script></head>
<body><nav><a href="/">Home</a></nav>
<!-- <p>hidden</p> --><h1>Harbour</h1><p>It is <b>old</b>&nbsp;and
   wide.</p><ul><li>One</li><li><a href="../two?x=1&amp;y=2">Two
</a></li></ul><table><tr><td>1</td><td>2</td></tr></table>
<a href="javascript:alert(1)">Click</a> <a href="#top">up</a> a < b<br>end
<footer>Imprint</footer></body></html>"""


def test_a_page_becomes_its_text() -> None:
    page = read_page(PAGE, URL)
    assert page.title == "The harbour & us"
    assert page.text == (
        "# Harbour\n\nIt is old and wide.\n\n- One\n- [Two](https://example.org/two?x=1&y=2)\n\n"
        "| 1 | 2\n\nClick up a < b\nend"
    )


@pytest.mark.parametrize(
    "source",
    [
        "<div>" * 300_000,
        "<" * 1_000_000,
        "<!--" * 250_000,
        "<a " * 300_000,
        '<a "' * 250_000,
        "<nav>" * 200_000,
        "<script>" * 100_000,
        "<title>" * 140_000,
        "<a href=x>" * 100_000,
        "&" * 1_000_000,
        "<p x='" * 160_000,
        "</nav" * 200_000,
        "<svg></svg " * 90_000,
    ],
)
def test_no_page_takes_long(source: str) -> None:
    with bounded():
        read_page(source[: 1024 * 1024], URL)


@pytest.fixture
def site() -> Iterator[FakeSite]:
    with FakeSite() as fake:
        yield fake


@pytest.fixture
def tool() -> Tool:
    return web_page(["127.0.0.1"])


async def test_a_page_is_read(site: FakeSite, tool: Tool) -> None:
    site.pages["/"] = serve(PAGE)
    text = await tool.run({"url": f"{site.url}/"})
    assert text.startswith(f"Address: {site.url}/\nTitle: The harbour & us\n# Harbour")


async def test_a_long_page_is_read_on(site: FakeSite, tool: Tool) -> None:
    site.pages["/"] = serve("<p>" + "word " * 5000 + "end</p>")
    first = await tool.run({"url": f"{site.url}/"})
    assert f"read on with start={CHARACTERS}]" in first
    rest = await tool.run({"url": f"{site.url}/", "start": CHARACTERS})
    assert rest.endswith("word end")


@pytest.mark.parametrize(
    ("content", "kind", "words"),
    [
        ("你好".encode("gb18030"), "text/html; charset=GB18030", "你好"),
        ('<meta charset="gbk"><p>你好'.encode("gbk"), "text/html", "你好"),
        ("你好".encode(), "text/plain; charset=nothing", "你好"),
        (b'{"a": 1}', "application/json", '{"a": 1}'),
        (b"", "text/html", "[nothing to read]"),
    ],
)
async def test_texts_of_all_kinds(
    site: FakeSite, tool: Tool, content: bytes, kind: str, words: str
) -> None:
    site.pages["/"] = serve(content, kind)
    assert words in await tool.run({"url": f"{site.url}/"})


async def test_what_is_no_text_is_told(site: FakeSite, tool: Tool) -> None:
    site.pages["/image"] = serve(b"\x89PNG", "image/png")
    site.pages["/broken"] = behaviours.fail(503)
    for path, words in [("/image", "image/png"), ("/broken", "503"), ("/missing", "404")]:
        with pytest.raises(ToolError, match=words):
            await tool.run({"url": site.url + path})
    with pytest.raises(ToolError, match="not on the public internet"):
        await web_page([]).run({"url": site.url})

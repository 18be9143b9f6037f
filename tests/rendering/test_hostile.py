"""Hostile Markdown: nothing of it runs, loads, covers the page or pretends to be ours."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.rendering.stream import StreamRenderer, render, wrap_blocks
from tests.rendering.ops import apply_ops
from tests.rendering.payloads import FRAGMENTS, PAYLOADS

TAGS = frozenset(
    "p h2 h3 h4 h5 h6 ul ol li blockquote pre code hr br a em strong del s sup sub kbd mark abbr b "  # noqa: SIM905 (a list of quoted words is harder to read)
    "i u small ins q samp var cite dl dt dd table thead tbody tr th td caption section details "
    "summary input span div figure figcaption code-copy math semantics annotation mrow mi mn mo "
    "msup msub msubsup mfrac mtext mtable mtr mtd mover mspace".split()
)
CLASSES = re.compile(
    r"block|code|code__bar|code__lang|hl|k|nf|s|m|c|gd|gi|n|mid|end|table-wrap|footnotes|fn-ref"
    r"|fn-back|image-link|image-link__host|math-block|math-src|math-open|math-open--(?:inline|display)"
    r"|plain|m-[a-z-]+"
)
ATTRIBUTES = frozenset(
    "class href rel title id start type disabled checked aria-label role tabindex dir data-block "  # noqa: SIM905 (a list of quoted words is harder to read)
    "open display encoding accent stretchy displaystyle scriptlevel width lspace rspace "
    "form".split()
)


class Guard(HTMLParser):
    """A parser that fails on tags, attributes, classes, ids and addresses that are not ours."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        for name, value in attrs:
            assert name in ATTRIBUTES, (tag, name, value)
            text = value or ""
            if name == "class":
                assert all(CLASSES.fullmatch(word) for word in text.split()), text
            elif name == "href":
                assert re.match(r"https?://[^/]|mailto:|#mM-fn", text), text
            elif name == "id":
                assert text.startswith("mM-fn"), text
                assert text not in self.ids
                self.ids.add(text)
        if tag == "a" and dict(attrs).get("href", "#")[:1] != "#":  # type: ignore[index]
            assert dict(attrs)["rel"] == "noopener noreferrer nofollow"
        if tag == "input":
            assert dict(attrs)["type"] == "checkbox"
            assert "disabled" in dict(attrs)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)


def check(html: str) -> None:
    guard = Guard()
    guard.feed(html)
    guard.close()


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_hostile_is_left_whole_or_in_pieces(payload: str) -> None:
    check(render(payload, "M"))
    renderer, client = StreamRenderer("M"), list[str]()
    for end in range(1, len(payload) + 1):
        apply_ops(client, renderer.update(payload[:end]))
        check(wrap_blocks(client))
    apply_ops(client, renderer.finish(payload))
    assert wrap_blocks(client) == render(payload, "M")


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=14).map("".join))
def test_nothing_hostile_is_made_by_putting_pieces_together(text: str) -> None:
    check(render(text, "M"))


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "<svg onload=x>", "<iframe src=y></iframe>", "<!-- c -->", "<T>"],
)
def test_what_is_not_allowed_stays_readable(text: str) -> None:
    assert text in unescape(re.sub(r"<[^>]*>", "", render(f"see {text} there", "M")))


def test_an_image_becomes_a_link_that_says_where_it_leads() -> None:
    assert render("![a cat](https://img.example/c.png)", "M") == wrap_blocks(
        (
            (
                '<p><a href="https://img.example/c.png" rel="noopener noreferrer nofollow" '
                'title="img.example" class="image-link">a cat '
                '<span class="image-link__host">img.example</span></a></p>'
            ),
        )
    )


@pytest.mark.parametrize(
    "url", ["data:image/png;base64,AAAA", "/settings/", "javascript:x", "x.png"]
)
def test_an_image_that_leads_nowhere_is_its_words(url: str) -> None:
    assert render(f"![a cat]({url})", "M") == wrap_blocks(
        ['<p><span class="image-link">a cat</span></p>']
    )


def test_forged_footnotes_get_no_id() -> None:
    html = render('<li id="fn-1">x</li>\n\na[^1]\n\n[^1]: n\n\n<a id="fnref-1">y</a>', "M")
    assert html.count('id="mM-fn-1"') == 1
    assert html.count('id="mM-fnref-1"') == 1

"""The HTML of whole messages: golden files, and each rule by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from conversations.rendering.stream import render, render_blocks, wrap_blocks

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("source", sorted(GOLDEN.glob("*.md")), ids=lambda path: path.stem)
def test_golden(source: Path) -> None:
    """Compare with the golden HTML. To change it, write the new one and raise `stream.VERSION`."""
    html = "\n".join(render_blocks(source.read_text(), "1")) + "\n"
    assert html == source.with_suffix(".html").read_text()


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("vector<int> a", "<p>vector&lt;int&gt; a</p>"),
        ("Map<K, V> and <T>", "<p>Map&lt;K, V&gt; and &lt;T&gt;</p>"),
        ("**注意：**后", "<p><strong>注意：</strong>后</p>"),
        ("from $5 to $10", "<p>from $5 to $10</p>"),
        ("# One", "<h2>One</h2>"),
        ("###### Six", "<h2>Six</h2>"),
        ("## a\n# b\n#### c\n# d", "<h2>a</h2><h2>b</h2><h3>c</h3><h2>d</h2>"),
        ("# a\n> ### b\n\n### c", "<h2>a</h2><blockquote>\n<h3>b</h3>\n</blockquote><h3>c</h3>"),
        ("H<sub>2</sub>O<br>x", "<p>H<sub>2</sub>O<br>x</p>"),
        ("a < b && c > d", "<p>a &lt; b &amp;&amp; c &gt; d</p>"),
        ("nul\0 and \ud83d", "<p>nul\ufffd and \ufffd</p>"),
        ("a\r\nb\rc", "<p>a\nb\nc</p>"),
        ("3. three", '<ol start="3">\n<li>three</li>\n</ol>'),
        ("", ""),
        (" \n\n", ""),
    ],
)
def test_block(markdown: str, html: str) -> None:
    assert "".join(render_blocks(markdown, "m")) == html


@pytest.mark.parametrize(
    ("markdown", "hrefs"),
    [
        ("见https://x.cn/a，后文", ["https://x.cn/a"]),
        ("见https://x.cn/文档。", ["https://x.cn/%E6%96%87%E6%A1%A3"]),
        ("https://a.cn，https://b.cn/x）", ["https://a.cn", "https://b.cn/x"]),
        ("www.a.cn：好", ["http://www.a.cn"]),
        ("www.a.cn/x，**b**", ["http://www.a.cn/x"]),
        ("(https://a.cn，b)", ["https://a.cn"]),
        ("[，https://a.cn](https://b.cn/x)", ["https://b.cn/x"]),
    ],
)
def test_a_bare_link_ends_at_chinese_punctuation(markdown: str, hrefs: list[str]) -> None:
    html = render(markdown, "m")
    assert [part.split('"')[0] for part in html.split('href="')[1:]] == hrefs
    assert html.count("，") == markdown.count("，")


@pytest.mark.parametrize("code", ["`https://a.cn，b`", "    https://a.cn，b", "$https://a.cn，b$"])
def test_what_ends_links_leaves_no_trace(code: str) -> None:
    html = render(code, "m")
    assert "https://a.cn，b" in html
    assert "\ue000" not in html


def test_markdown_goes_on_behind_a_bare_link() -> None:
    assert "，<strong>注意：</strong>后" in render("见https://x.cn/文档，**注意：**后", "m")


def test_links_say_where_they_lead_and_send_no_referrer() -> None:
    (html,) = render_blocks("[Bank](https://bank.com@evil.example/x 'my bank')", "m")
    assert html == (
        '<p><a href="https://bank.com@evil.example/x" rel="noopener noreferrer nofollow" '
        'title="evil.example">Bank</a></p>'
    )


def test_a_table_is_wrapped_labelled_and_its_figures_are_figures() -> None:
    (html,) = render_blocks(
        "|Item|Price|Note|\n|:-:|--|--:|\n|*a*|$1,200.50|x|\n|b|—|2|\n|c|-3%||", "m"
    )
    assert html.startswith(
        '<div class="table-wrap" tabindex="0" role="region" aria-label="Item, Price, Note"><table>'
    )
    assert '<th class="mid">Item</th><th class="n">Price</th><th class="end">Note</th>' in html
    assert '<td class="mid"><em>a</em></td><td class="n">$1,200.50</td>' in html


def test_checkboxes_are_dead_and_named_by_their_item() -> None:
    (html,) = render_blocks("- [x] buy *milk*\n- [ ] sleep", "m")
    assert '<input type="checkbox" disabled checked aria-label="buy milk"> buy' in html
    assert '<input type="checkbox" disabled aria-label="sleep"> sleep' in html


def test_details_hold_the_blocks_written_inside() -> None:
    blocks = render_blocks("a\n\n<details><summary>s</summary>\n\n- b\n\n</details>\n\nc", "m")
    assert "<li>b</li>\n</ul>\n</details>" in "".join(blocks)
    assert blocks[-1] == "<p>c</p>"


def test_footnote_ids_belong_to_their_message() -> None:
    text = "a[^1] b[^1] c[^注]\n\n[^1]: one\n[^注]: two\n\nafter"
    one, two = render(text, "1"), render(text, "2")
    ids = [part.split('"')[0] for part in one.split(' id="')[1:]]
    assert len(ids) == len(set(ids)) == 5
    assert all(name.startswith("m1-fn") for name in ids)
    assert one.replace("m1-", "m2-") == two
    for target in one.split('href="#')[1:]:
        assert target.split('"')[0] in ids


def test_blocks_are_wrapped_as_the_browser_makes_them() -> None:
    assert wrap_blocks(("<p>a</p>",)) == '<div class="block" data-block dir="auto"><p>a</p></div>'

"""Patches of a growing message: however it is cut, a client holds the same blocks as the server."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.rendering import stream
from conversations.rendering.patches import Op
from conversations.rendering.stream import StreamRenderer
from tests.rendering.growth import check_growth, cut
from tests.rendering.payloads import FRAGMENTS

RICH = (Path(__file__).parent / "golden" / "rich.md").read_text()


@given(st.lists(st.integers(1, 400), max_size=12))
def test_any_chunking_of_a_rich_answer(sizes: list[int]) -> None:
    check_growth(cut(RICH, sizes or [len(RICH)]))


def test_each_character_alone() -> None:
    check_growth(RICH)


@given(
    st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=6), max_size=20).map("".join),
    st.lists(st.integers(1, 80), max_size=8),
)
def test_any_chunking_of_anything(text: str, sizes: list[int]) -> None:
    check_growth(cut(text, sizes or [len(text) or 1]))


def ops_of(*texts: str) -> list[list[Op]]:
    renderer = StreamRenderer("m")
    return [renderer.update(text) for text in texts]


def test_keep_counts_utf16_units() -> None:
    assert ops_of("a😀", "a😀b") == [[[0, 0, "<p>a😀</p>"]], [[0, 6, "b</p>"]]]


def test_an_open_code_block_grows_by_text() -> None:
    first, second, third = ops_of("```py\n", "```py\nx <", "```py\nx < 1 😀")
    assert str(first[0][2]).endswith("<code></code></pre></figure>")
    assert second == [[0, "t", "x <"]]
    assert third == [[0, "t", " 1 😀"]]


def test_code_is_coloured_once_when_it_closes() -> None:
    _, closed = ops_of("```py\nreturn 1\n``", "```py\nreturn 1\n```\n")
    assert '<span class="k">return </span><span class="m">1' in str(closed[0][2])


def test_code_inside_a_list_is_plain_while_open() -> None:
    renderer = StreamRenderer("m")
    renderer.update("- a\n  ```py\n  return 1")
    assert "<code>return 1</code>" in renderer.blocks[0]
    renderer.update("- a\n  ```py\n  return 1\n  ```\n")
    assert '<span class="k">return' in renderer.blocks[0]


def test_code_before_footnotes_is_plain_while_open() -> None:
    text = "a[^1]\n\n[^1]: note\n\n```py\nreturn 1\n"
    ops = ops_of(text, text + "x\n")[1]
    assert ops == [[1, "t", "x\n"]]


def test_blocks_that_vanish_are_cut() -> None:
    assert ops_of("a\n\n<details>\n\nb", "a\n\n<details>\n\nb\n\n[x]: y\n")[1] == []
    one, two = ops_of("[a]: b\n\nc\n\nd <", "c")
    assert one[-1][0] == 1
    assert two[-1] == [1, -1]


def shown(text: str) -> str:
    renderer = StreamRenderer("m")
    renderer.update(text)
    return "".join(renderer.blocks)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a\n-", "<p>a</p>"),
        ("a\n\n| x | y |", "<p>a</p>"),
        ("a\n\n| x | y |\n|--", "<p>a</p>"),
        ("a\n\n| x | y |\nno table", "<p>a</p><p>| x | y |\nno table</p>"),
        ("a\n\n```py", "<p>a</p>"),
        ("see [the page](https://a.exam", "<p>see the page</p>"),
        ("see [the page](https://a.example 'ti", "<p>see the page</p>"),
        ("so <", "<p>so </p>"),
        ("so \\(x^", '<p>so <span class="math-open math-open--inline">x^</span></p>'),
        ("$$\nx_1 *", '<p><span class="math-open math-open--display">\nx_1 *</span></p>'),
        ("it costs $5", "<p>it costs $5</p>"),
    ],
)
def test_what_may_still_change_is_held(text: str, html: str) -> None:
    assert shown(text).replace(" </p>", "</p>") == html.replace(" </p>", "</p>")


def test_table_rows_come_whole() -> None:
    head = "|x|y|\n|-|-|\n"
    assert shown(head + "|1|2") == shown(head)
    assert "<td" in shown(head + "|1|2|\n")


def test_a_long_open_block_asks_for_a_thread() -> None:
    renderer = StreamRenderer("m")
    renderer.update("```py\nx = 1\n")
    assert not renderer.heavy
    renderer.update("```py\n" + "x = 1\n" * 2000)
    assert renderer.heavy


def test_the_version_is_a_number() -> None:
    assert isinstance(stream.VERSION, int)

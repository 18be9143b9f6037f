"""Blocks that are settled: every state is the one that the whole text would have."""

from __future__ import annotations

from typing import Any

import comrak
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.rendering import limits, stream
from conversations.rendering.stream import StreamRenderer
from tests.rendering import pieces
from tests.rendering.growth import check_growth, cut
from tests.rendering.payloads import FRAGMENTS

SIZES = st.lists(st.integers(1, 40), max_size=6)
ANY = [piece for kind in pieces.KINDS.values() for piece in kind]
# Pieces that stand inside a line, or between two.
MARKS = [
    *("\n", "\n\n", "\n- ", "\n* ", "\n1. ", "\n12. ", "\n> ", "\n  - ", "\n        - ", "  \n"),
    *(
        "**",
        "*",
        "_",
        "`",
        "~~",
        "[",
        "](",
        ")",
        "[a](b)",
        "[x]: y",
        "[^1]",
        "\n[^1]: ",
        "![",
        "]:",
    ),
    *("<", "<b>", "</b>", "<p>", "<ul>\n", "<details>\n\n", "&", "&amp", ";", "$", "$$", "\\("),
    *("http://", "https://a.b", "www", "www.", "@", ".com", ":", "/", "|", "\n|-|\n", "\\"),
    *("\n---", "\n===", "---", "```", "\n```py\n", "\t", "\r\n", "\u00a0", "\u0301", "\ufe0f"),
    *("#", "\n## ", "\0"),
]
WORDS = ["word", " and", " more", "12", " ", "  ", ".", ", ", '"', "'", "(", ")", "中文", "，"]
BLOCKS = [
    "Some **words**, and more.",
    "## Title\n\nand [words](https://a.example)",
    "- a\n- b\n  - c\n\nwords",
    "1. a\n\n   ```py\n   for x in [1, 2]:\n   ```\n2. b\n\nwords",
    "```py\nfor x in [1, 2]:\n    y\n```",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "> a\n> b\n\nwords",
    "$$\nx\n$$",
    "中文，**注意：**后。",
    "- [ ] a\n- [x] b\n\n---",
    "H<sub>2</sub>O & x < y",
]


def texts(blocks: list[str]) -> st.SearchStrategy[str]:
    """Blocks of these kinds one below the other, some of them inside or joined to others."""
    line = st.tuples(
        st.sampled_from(pieces.INDENTS), st.sampled_from(blocks), st.sampled_from(pieces.BETWEEN)
    )
    return st.lists(line.map("".join), max_size=8).map("".join)


@settings(max_examples=300)
@given(texts(ANY), SIZES)
def test_any_blocks(text: str, sizes: list[int]) -> None:
    check_growth(cut(text, sizes))


@pytest.mark.parametrize("kind", pieces.KINDS)
@settings(max_examples=60)
@given(data=st.data())
def test_a_kind_of_block_between_paragraphs(kind: str, data: st.DataObject) -> None:
    text = data.draw(texts(pieces.KINDS[kind] + pieces.KINDS["paragraphs"]))
    check_growth(cut(text, data.draw(SIZES)))


@settings(max_examples=300)
@given(
    st.lists(
        st.sampled_from(WORDS) | st.sampled_from(WORDS) | st.sampled_from(MARKS + FRAGMENTS),
        max_size=14,
    )
)
def test_any_words_after_anything(words: list[str]) -> None:
    check_growth(words)


@pytest.mark.parametrize(
    "words",
    [
        # A later definition makes links of earlier words, or takes its own away.
        ("see [a] and [b]\n\n", "words\n\n", "[a]: https://a.example\n\n", "more"),
        ("[a]: https://a.example\n\n", "words\n\n", "see [a]\n\n", "more [a]"),
        ("words\n\n", "[a", "\nb]", ": c"),
        ("a[^1]\n\n", "words\n\n", "[^1]: note\n\n", "    more\n\n", "last"),
        ("a[^x[y]\n\n", "words\n\n", "[^x[y]", ": note"),
        ("[a]\n\nb\n\n", "> - [a]", ": c"),
        # A list goes on behind an empty line, and what looks like an item of it may not be one.
        ("- a\n\n", "- b"),
        ("1. a\n\n", "2", ". b"),
        ("-\n\n", "[- b", "]", "\n\nmore"),
        ("-\n\n", "[-](b '", "c')\n"),
        ("* a\n\n", "*    *    *    " * 9, "x"),
        ("- a\n\n", "  b", "\n\nc"),
        # Raw HTML belongs to the block before it, and what it opens goes on.
        ("a\n\n", "<b", ">\n\n", "c"),
        ("a\n\n", "<di", "v", ">x</div>\n\n", "c"),
        ("<details>\n\n", "a\n\n", "b\n\n", "</details>\n\n", "c\n\n", "d"),
        ("<!-- a\n\n", "b\n\n", "-->\n\n", "c\n\nd"),
        ('# y\n\n<h1 data-sourcepos="50:1-60:1">z</h1><p>a', " b\n\n", "c\n\nd"),
        # The end of an element that no raw HTML has begun does not end the code above.
        ("    code\n\n", "a \\[b </pre>", " c"),
        # Open code and formulas hold empty lines.
        ("```\na\n\n", "b\n\n", "```\n\n", "c"),
        ("    a\n\n", "    b\n\n", "c"),
        ("$$\na\n\n", "b\n$$\n\n", "c $$\n \nd $$ e"),
        # Levels of headings depend on those before.
        ("# a\n\n", "#### b\n\n", "words\n\n", "## c\n\n", "### d\n\n", "e"),
        ("a\r", "\n\r", "\nb\r\n\r\n", "c"),
        ("see www.exam", "ple"),
        ("[a](b c", ")"),
        ("- [a\n12. b](c", ")"),
    ],
)
def test_what_reaches_back(words: tuple[str, ...]) -> None:
    check_growth(words)
    check_growth("".join(words))


def bombs() -> list[tuple[str, str]]:
    """Texts that are within the limits with words before them, and then no longer."""
    rows = "|" + "a|" * 90 + "\n|" + "-|" * 90 + "\n"
    return [
        ("words\n\n" * 40_000, "more " * 10),
        ("\\( a\n\n" * 1_990 + "\\(a\\)\n\n", "b \\( c\n\n" * 20),
        ("a [b](c)\n\n" * 100 + rows + "a\n" * 2_100 + "\n\nb\n\nc", "\n\nd\n" * 200),
        ("a\n\nb\n\n", "a@b.c " * 600),
        ("a\n\nb\n\n", "> " * 60 + "x"),
        ("word " * 9_000 + "\n\nb\n\n", ("- " * 30 + "a\n") * 30),
        ("a\n\nb\n\n", ("- " * 30 + "a\n") * 30),
        ("".join("> a\n\n" for _ in range(100)) + "b\n\n", "- - - - - - - - - a\n" * 150),
    ]


@pytest.mark.parametrize(("before", "bomb"), bombs())
def test_limits_hold_for_the_text_as_a_whole(before: str, bomb: str) -> None:
    half = len(bomb) // 2
    check_growth([before, "c\n\nd", "\n\n", bomb[:half], bomb[half:], "\n\n", "e\n\nf"])


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that comrak parses."""
    found: list[str] = []
    convert = comrak.render_markdown

    def record(text: str, *options: Any) -> str:
        found.append(text)
        return str(convert(text, *options))

    monkeypatch.setattr(comrak, "render_markdown", record)
    return found


@pytest.mark.parametrize("block", BLOCKS)
def test_a_settled_block_is_not_parsed_again(block: str, parsed: list[str]) -> None:
    renderer = StreamRenderer("m")
    text = f"{block}\n\n" * 30
    for end in range(1, len(text), 3):
        renderer.update(text[:end])
    assert len(renderer.blocks) >= 30
    assert max(map(len, parsed)) < 3 * len(block) + 20


def test_an_answer_is_parsed_block_by_block_and_once_as_a_whole(parsed: list[str]) -> None:
    text = "\n\n".join(BLOCKS)
    renderer = StreamRenderer("m")
    for end in range(1, len(text)):
        renderer.update(text[:end])
    assert max(map(len, parsed)) < 2 * max(map(len, BLOCKS))
    parsed.clear()
    renderer.finish(text)
    assert list(map(len, parsed)) == [len(text)]


def test_a_slow_flush_asks_for_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "SLOW_SECONDS", 0.0)
    renderer = StreamRenderer("m")
    assert not renderer.heavy
    renderer.update("a")
    assert renderer.heavy


def test_a_long_answer_asks_for_a_thread_even_if_its_last_block_is_short() -> None:
    renderer = StreamRenderer("m")
    renderer.update("some words\n\n" * 5_000)
    renderer.update("some words\n\n" * 5_000 + "more")
    assert renderer.heavy


def test_the_growth_of_a_part_leaves_room_for_the_positions_of_the_whole() -> None:
    longest = len(' data-sourcepos="262144:1-262144:1"') + len("<p>")
    shortest = len(' data-sourcepos="1:1-1:1"') + len("<p>")
    part = limits.MAX_HTML_GROWTH_OF_PART * longest / shortest
    assert part <= limits.MAX_HTML_GROWTH

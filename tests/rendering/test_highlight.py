"""Figures of code: colours, labels, limits, and no character lost."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.rendering import limits
from conversations.rendering.highlight import figure, open_figure

CODE = re.compile(r"<code>(.*)</code>", re.DOTALL)


def text_of(html: str) -> str:
    found = CODE.search(html)
    assert found
    return unescape(re.sub(r"<[^>]*>", "", found[1]))


def test_five_colours_by_short_classes() -> None:
    html = figure('def f(x: int):\n    return "a" + 1  # c\n', "py")
    assert 'aria-label="Python"' in html
    for part in ('"k">def', '"nf">f', '"s">', '"m">1', '"c"># c'):
        assert part in html


def test_a_diff_keeps_its_signs() -> None:
    html = figure("-old\n+new\n", "diff")
    assert '<span class="gd">-old\n</span><span class="gi">+new\n</span>' in html


@pytest.mark.parametrize("language", ["", "mermaid", "no-such-language", "Py<thon"])
def test_unknown_languages_are_plain_and_keep_their_name(language: str) -> None:
    html = figure("a < b", language)
    assert "<code>a &lt; b</code>" in html
    assert unescape(re.search(r'code__lang">([^<]*)<', html)[1]) == language  # type: ignore[index]


def test_no_words_are_baked_in() -> None:
    assert "Copy" not in figure("x", "python")
    assert "<code-copy></code-copy>" in figure("x", "python")


@pytest.mark.parametrize(
    "code", ["x = 1\n" * (limits.MAX_HIGHLIGHT_CHARS // 6 + 1), "1+" * limits.MAX_HIGHLIGHT_LINE]
)
def test_too_much_code_is_plain(code: str) -> None:
    assert "<span" not in CODE.search(figure(code, "python"))[1]  # type: ignore[index]


def test_direction_tricks_are_spelled_out() -> None:
    html = figure("if x: # \u202e evil", "python")
    assert "\u202e" not in html
    assert "⟨U+202E⟩" in html


def test_open_and_closed_figures_differ_in_colour_only() -> None:
    code = "int x = 1; // \u2066 <&>\n"
    assert text_of("".join(open_figure(code, "c"))) == text_of(figure(code, "c"))
    assert re.sub(r"</?span[^>]*>", "", "".join(open_figure(code, "c"))) == re.sub(
        r"</?span[^>]*>", "", figure(code, "c")
    )


@given(st.text(max_size=200), st.sampled_from(["python", "html", "js", "bash", "cpp", "console"]))
def test_no_character_is_lost(code: str, language: str) -> None:
    code = re.sub("[\x00-\x08\x0b-\x1f\x7f\r]", "", code)
    assert text_of(figure(code, language)) == text_of("".join(open_figure(code, language)))

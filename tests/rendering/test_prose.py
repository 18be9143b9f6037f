"""Words put behind a paragraph: always what drawing the whole text would have shown."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.rendering import stream
from conversations.rendering.patches import apply_ops
from conversations.rendering.stream import StreamRenderer, render_blocks
from tests.rendering.payloads import FRAGMENTS

# What stands beside words in real answers, and what could make more of them than words.
MARKS = [
    *["\n", "\n\n", "\n- ", "\n* ", "\n1. ", "\n12. ", "\n> ", "\n  - ", "\n        - ", "  \n"],
    *["**", "*", "_", "`", "~~", "[", "](", ")", "[a](b)", "[x]: y", "[^1]", "\n[^1]: ", "!["],
    *["<", "<b>", "</b>", "<p>", "<ul>\n", "<details>\n\n", "&", "&amp", ";", "$", "$$", "\\("],
    *["http://", "https://a.b", "www", "www.", "@", ".com", ":", "/", "|", "\n|-|\n", "\\"],
    *["\n---", "\n===", "---", "```", "\n```py\n", "\t", "\r\n", "\u00a0", "\u0301", "\ufe0f"],
    *["#", "\n## ", "\0"],
]
WORDS = ["word", " and", " more", "12", " ", "  ", ".", ", ", '"', "'", "(", ")", "中文", "，"]
TEXTS = st.lists(
    st.sampled_from(WORDS) | st.sampled_from(WORDS) | st.sampled_from(MARKS + FRAGMENTS),
    max_size=14,
)


def hold(pieces: list[str]) -> None:
    """Stream the pieces and hold every state against one that is drawn from nothing."""
    renderer, client, text = StreamRenderer("m"), list[str](), ""
    for piece in pieces:
        text += piece
        apply_ops(client, json.loads(json.dumps(renderer.update(text))))
        fresh = StreamRenderer("m")
        fresh.update(text)
        assert fresh.blocks == renderer.blocks == tuple(client)
    apply_ops(client, renderer.finish(text))
    assert tuple(client) == renderer.blocks == render_blocks(text, "m")


@settings(max_examples=400)
@given(TEXTS)
def test_any_words_after_anything(pieces: list[str]) -> None:
    hold(pieces)


@pytest.mark.parametrize(
    "begin", ["a", "- a", "1. a", "> a", "- a\n\n  b", "**a** b", "见 a", "`a` b"]
)
def test_words_are_added_without_reading_the_text(
    begin: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    renderer = StreamRenderer("m")
    renderer.update(begin)
    monkeypatch.setattr(stream, "draft", None)
    [[index, _, html]] = renderer.update(f"{begin} few words, 再来。")
    assert index == 0
    assert str(html).startswith(" few words, 再来。</")


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ("see www.exam", "ple"),
        ("see http://exam", "ple"),
        ("ww", "w.example"),
        ("[a](b c", ")"),
        ("&amp", ";"),
        ("- [a\n12. b](c", ")"),
        ("a $$ ", "x"),
        ("12", ". a"),
        ("a\n-", " b"),
        ("```\na", " b"),
        ("word<word", "word"),
        ('# y\n\n<h1 data-sourcepos="50:1-60:1">z</h1><p>a', " b"),
    ],
)
def test_what_may_mean_more_is_read_as_a_whole(before: str, words: str) -> None:
    hold([before, words, " more"])


def test_words_do_not_bring_a_slow_text_back_to_the_event_loop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stream, "SLOW_SECONDS", 0.0)
    renderer = StreamRenderer("m")
    renderer.update("a")
    renderer.update("a few words")
    assert renderer.heavy

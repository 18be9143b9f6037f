"""A user's message as HTML: every character stays, and fenced code is marked."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.templatetags.own_words import as_typed, is_folded

CODE = re.compile(r"<code[^>]*>(.*?)</code>", re.DOTALL)
LINES = st.lists(st.sampled_from(["```", "~~~", "````", "```python", "  ```", "<b>", "x = 1", ""]))


def text_of(shown: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", shown))


def code_of(shown: str) -> list[str]:
    return [
        html.unescape(code) for code in re.findall(r"<code[^>]*>(.*?)</code>", shown, re.DOTALL)
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Look:\n```python\nprint('<b>')\n```\nDone", ["print('<b>')\n"]),
        ("~~~\na\n~~~", ["a\n"]),
        ("````\n```\n````", ["```\n"]),
        ("```\nnever closed", ["never closed"]),
        ("```\n```", [""]),
        ("``` one line ```", []),
        ("a\x0c```\nb", []),
        ("a\u2028```\nb", []),
        ("    ```\nindented", []),
        ("a `b` c", []),
        ("<script>alert(1)</script>", []),
    ],
)
def test_fences_hold_code(text: str, code: list[str]) -> None:
    shown = as_typed(text)
    assert code_of(shown) == code
    assert text_of(shown) == text
    assert "<script" not in shown


@given(LINES, st.sampled_from(["\n", "\r\n"]))
def test_no_character_is_lost(lines: list[str], end: str) -> None:
    text = end.join(lines)
    assert text_of(as_typed(text)) == text


@pytest.mark.parametrize(
    ("text", "folded"),
    [("short", False), ("line\n" * 12, False), ("line\n" * 13, True), ("字" * 1_001, True)],
)
def test_a_long_text_is_folded(text: str, *, folded: bool) -> None:
    assert is_folded(text) is folded

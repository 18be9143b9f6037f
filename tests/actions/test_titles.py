"""Titles made of the first words of a message."""

from __future__ import annotations

import pytest

from conversations.actions.titles import MAX_LENGTH, title_from


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("What is 12 * 12?", "What is 12 * 12?"),
        ("2 ** 10 - 1", "2 ** 10 - 1"),
        ("3 * 4 * 5", "3 * 4 * 5"),
        ("a*b*c", "a*b*c"),
        ("-5 degrees", "-5 degrees"),
        ("#hashtag", "hashtag"),
        ("rename __init__ and _x_", "rename __init__ and _x_"),
        ("## **Plan** for `lunch`", "Plan for lunch"),
        ("- one\n- two", "one"),
        ("1. first", "first"),
        ("> quoted", "quoted"),
        ("*Really* nice", "Really nice"),
        ("\n\n  Hello   there\n", "Hello there"),
        ("```python\nprint(1)", "python"),
        ("**", "**"),
    ],
)
def test_signs_stay_and_marks_go(text: str, title: str) -> None:
    assert title_from(text) == title


def test_a_long_line_is_cut_at_a_word() -> None:
    title = title_from("word " * 40)
    assert len(title) <= MAX_LENGTH
    assert title.endswith("word…")

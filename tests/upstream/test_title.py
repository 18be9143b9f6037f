from __future__ import annotations

import pytest

from conversations.upstream.title import MAX_LENGTH, title_of


@pytest.mark.parametrize(
    ("answer", "title"),
    [
        ("Staffing the desk", "Staffing the desk"),
        ('"Staffing the desk."', "Staffing the desk"),
        ("**Title:** Staffing the desk\n\nI chose it because", "Staffing the desk"),
        ("标题：双十二客服排班。", "双十二客服排班"),
        ("《双十二客服排班》", "双十二客服排班"),
        ("\n\n# A  plan\tfor   lunch", "A plan for lunch"),
        ("Plan for **fifty agents**", "Plan for fifty agents"),
        ("Plan for **fifty…", "Plan for fifty…"),
        ("Why `print()` fails", "Why print() fails"),
        ("What is 12 * 12?", "What is 12 * 12?"),
        ("Use of __init__ in Python", "Use of __init__ in Python"),
        ("", ""),
        ("```\n```", ""),
    ],
)
def test_the_title_is_found_in_what_models_say(answer: str, title: str) -> None:
    assert title_of(answer) == title


def test_a_whole_essay_is_cut() -> None:
    title = title_of("word " * 400)
    assert len(title) <= MAX_LENGTH
    assert title.endswith("…")

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.actions.people import Entry
from conversations.forms.people_list import LineProblem, read

WEI = Entry(name="Li Wei", email="wei@example.com")


@pytest.mark.parametrize(
    "line",
    [
        "Li Wei <wei@example.com>",
        "wei@example.com, Li Wei",
        "Li Wei, wei@example.com",
        "wei@example.com; Li Wei",
        "Li Wei\twei@example.com",
        "wei@example.com\tLi Wei",
        '"Li Wei" <Wei@Example.com>',
        "Li, Wei <wei@example.com>",
        "Li Wei (wei@example.com)",
        "Li Wei <mailto:wei@example.com>",
        "  Li   Wei  wei@example.com,",
        "Li Wei，wei@example.com",
        "Li Wei；wei@example.com；",
        "Li Wei、wei@example.com",
        "Li Wei＜wei＠example.com＞",
        "“Li Wei”　<wei@example.com>",
        "\ufeffLi Wei <wei@example.com>",
    ],
)
def test_one_person_is_read_however_it_is_written(line: str) -> None:
    assert read(line) == ([WEI], [])


def test_address_alone_names_the_person() -> None:
    assert read("wei@example.com") == ([Entry(name="wei", email="wei@example.com")], [])


def test_chinese_names_stay_as_they_are() -> None:
    assert read("李伟，wei@example.com")[0] == [Entry(name="李伟", email="wei@example.com")]


@pytest.mark.parametrize(
    "line",
    [
        "Li Wei <wei@example.com>; Ann <ann@example.com>",
        "Li Wei <wei@example.com>, Ann <ann@example.com>",
        "Li Wei <wei@example.com>；Ann <ann@example.com>；",
        "wei@example.com, Li Wei; ann@example.com, Ann",
    ],
)
def test_several_on_one_line_are_told_apart(line: str) -> None:
    assert read(line) == ([WEI, Entry(name="Ann", email="ann@example.com")], [])


def test_same_address_twice_is_one_person() -> None:
    assert read("Li Wei <wei@example.com>\n\nWEI@example.com") == ([WEI], [])


def test_bad_lines_are_told_with_their_numbers() -> None:
    text = "Li Wei <wei@example.com>\n\nAnn\nbob@\nwei@example.com ann@example.com\n" + "x" * 151
    text += " <x@example.com>\n"
    entries, problems = read(text)
    assert entries == [WEI]
    assert problems == [
        LineProblem(line=3, code="no_address", text="Ann"),
        LineProblem(line=4, code="bad_address", text="bob@"),
        LineProblem(line=5, code="several", text="wei@example.com ann@example.com"),
        LineProblem(line=6, code="long_name", text="x" * 151),
    ]


@given(st.text())
def test_any_text_is_read_or_told(text: str) -> None:
    entries, problems = read(text)
    assert all(entry.name and "@" in entry.email for entry in entries)
    assert all(problem.line >= 1 for problem in problems)

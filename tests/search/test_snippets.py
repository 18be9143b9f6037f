from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.search.query import parse
from conversations.search.snippets import LENGTH, SnippetPart, mark, snippet

LETTERS = st.text("学习率 abcéＡ.，*\n", max_size=300)
LONG = (
    "It begins here. " * 40 + "Square-root **staffing** is a rough guide.\n\n" + "It goes on. " * 40
)


def shown(parts: list[SnippetPart]) -> str:
    return "".join(f"[{part.text}]" if part.is_match else part.text for part in parts)


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("Staffing the desk", "staff", "[Staffing] the desk"),
        ("Staffing the desk", '"staff"', "Staffing the desk"),
        ("双十二客服排班", "客服", "双十二[客服]排班"),
        ("Ｅｒｌａｎｇ Ｃ and Café", "erlang cafe", "[Ｅｒｌａｎｇ] Ｃ and [Café]"),
        ("用 GPT-5.4 写", "gpt-5.4", "用 [GPT-5.4] 写"),
        ("<b>bold</b> & bold", "bold", "<b>[bold]</b> & [bold]"),
    ],
)
def test_matches_are_set_apart(text: str, query: str, marked: str) -> None:
    assert shown(mark(text, parse(query))) == marked


def test_a_snippet_leads_to_the_match_and_says_that_it_is_cut() -> None:
    parts = snippet(LONG, parse("staffing"))
    text = shown(parts)
    assert text.startswith("…")
    assert "Square-root [staffing] is a rough guide. It goes on." in text
    assert text.endswith("…")
    assert len(text) < LENGTH + 20


def test_a_snippet_shows_where_most_of_it_stands() -> None:
    text = f"desk. {'Nothing. ' * 100} staffing the desk at night"
    assert "[staffing] the [desk]" in shown(snippet(text, parse('"staffing" "desk"')))


def test_a_text_without_a_match_shows_its_beginning() -> None:
    assert shown(snippet(LONG, parse("nowhere"))).startswith("It begins here.")
    assert snippet("", parse("nowhere")) == []


def test_chinese_is_cut_by_its_width() -> None:
    text = shown(snippet("前" * 300 + "学习率" + "后" * 300, parse("学习率")))
    assert text.count("前") == 22
    assert len(text) < LENGTH / 2 + 10


@given(LETTERS, LETTERS)
def test_marking_changes_no_character(text: str, query: str) -> None:
    assert "".join(part.text for part in mark(text, parse(query))) == text


@given(LETTERS, st.text("学习率 abc", min_size=1, max_size=6))
def test_what_is_there_is_marked(text: str, wanted: str) -> None:
    query = parse(f'"{wanted}"')
    parts = snippet(f"{text} {wanted} {text}", query)
    assert any(part.is_match for part in parts) == bool(query)

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.search.words import LONGEST, OVERLAP, PIECE, fold, pieces, words

TEXTS = st.text(
    st.one_of(st.characters(), st.sampled_from("学习率，。 abcÉé́ＡＢ１２ かが한글 _-'\n")),
    max_size=200,
)


def folded(text: str) -> list[str]:
    return [word.folded for word in words(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Staffing the desk", ["staffing", "the", "desk"]),
        ("双十二排班", ["双", "十", "二", "排", "班"]),
        ("用GPT-5.4写", ["用", "gpt", "5", "4", "写"]),
        ("Ｅｒｌａｎｇ　Ｃ", ["erlang", "c"]),
        ("Café CAFE\u0301 Straße", ["cafe", "cafe", "strasse"]),
        ("snake_case, isn't", ["snake", "case", "isn", "t"]),
        ("かが カ", ["か", "が", "カ"]),
        ("𠀀 beyond", ["𠀀", "beyond"]),
        ("… ！？ —", []),
    ],
)
def test_words_are_what_people_would_look_for(text: str, found: list[str]) -> None:
    assert folded(text) == found


@given(TEXTS)
def test_words_are_plain_and_stand_where_they_say(text: str) -> None:
    end = 0
    for word in words(text):
        assert word.folded.isalnum()
        assert len(word.folded) <= LONGEST
        assert end <= word.start < word.end
        assert fold(text[word.start : word.end]) == word.folded
        end = word.end


@given(TEXTS)
def test_case_and_spaces_do_not_matter(text: str) -> None:
    spaced = " ".join(text[word.start : word.end] for word in words(text))
    assert folded(spaced) == folded(text)


@given(st.lists(st.sampled_from("学习率的abc"), max_size=3 * PIECE))
def test_pieces_lose_no_word_and_no_short_phrase(characters: list[str]) -> None:
    text = " ".join(characters)
    whole = folded(text)
    found = [piece.words.split() for piece in pieces(text)]
    assert all(len(piece) <= PIECE for piece in found)
    joined = list(found[0]) if found else []
    for piece in found[1:]:
        assert joined[-OVERLAP:] == piece[:OVERLAP]
        joined += piece[OVERLAP:]
    assert joined == whole


def test_a_piece_tells_where_it_stands() -> None:
    text = "字" * PIECE + "。" + "字" * 100 + "！"
    first, second = pieces(text)
    assert (first.start, first.end) == (0, PIECE + 1)
    assert (second.start, second.end) == (PIECE - OVERLAP, len(text))
    assert list(pieces("…")) == []

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from conversations.upstream.answer.text_cleaner import TextCleaner, clean


def test_clean() -> None:
    assert clean("a\0b") == "ab"
    assert clean("a\ud83db") == "a\ufffdb"
    assert clean("\ud83d\ude00") == "😀"
    assert clean("\ude00") == "\ufffd"


def test_halves_in_two_pieces_are_joined() -> None:
    cleaner = TextCleaner()
    assert cleaner.feed("a\ud83d") == "a"
    assert cleaner.feed("") == ""
    assert cleaner.feed("\ude00b") == "😀b"
    assert cleaner.flush() == ""


def test_half_that_stays_alone_is_replaced() -> None:
    cleaner = TextCleaner()
    assert cleaner.feed("\ud83d") == ""
    assert cleaner.feed("b") == "\ufffdb"
    assert cleaner.feed("\ud83d") == ""
    assert cleaner.flush() == "\ufffd"


@given(st.lists(st.text(st.characters(categories=["L", "Cs", "Cc"]))))
def test_result_is_always_storable_and_the_same_however_cut(pieces: list[str]) -> None:
    cleaner = TextCleaner()
    text = "".join([*map(cleaner.feed, pieces), cleaner.flush()])
    assert text == clean("".join(pieces))
    assert "\0" not in text.encode().decode()

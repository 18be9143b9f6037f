"""Exchanges are shown without the key and otherwise unchanged."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.upstream.failures.masking import MASK, mask_raw
from tests.effort import bounded

KEY = "sk-test-0123456789abcdef"
JWT = "eyJ" + "aZ09_-" * 60 + "." + "bY18" * 30 + "." + "cX27" * 20
text = st.text(st.characters(codec="utf-8"), max_size=80)


@given(before=text, after=text, start=st.integers(0, 17), length=st.integers(6, 30))
def test_no_six_characters_of_the_key_are_left(
    before: str, after: str, start: int, length: int
) -> None:
    for key in (KEY, JWT):
        piece = key[start : start + length]
        masked = mask_raw(f"{before}{piece}{after}", key)
        assert not any(key[at : at + 6] in masked for at in range(len(key) - 5))


@given(text=text)
def test_what_has_nothing_of_the_key_is_left_as_it_is(text: str) -> None:
    key = "\U0001f511" * 3 + "\U0001f5dd" * 9
    if "\U0001f511" not in text and "\U0001f5dd" not in text:
        assert mask_raw(text, key) == text


def test_json_stays_json_around_it() -> None:
    said = {"id": "chatcmpl-1", "delta": {"content": "**Risk-free** … sk-"}, "model": "m"}
    line = json.dumps({**said, "error": f"Incorrect key: {KEY}."}, ensure_ascii=False)
    masked = json.loads(mask_raw(line, KEY))
    assert masked.pop("error") == f"Incorrect key: {MASK}."
    assert masked == said


@pytest.mark.parametrize(
    "echo",
    [
        KEY,
        KEY[:12],
        f"Bearer {KEY}",
        "sk-tes***cdef",
        "sk-…def",
        f'"{KEY}"',
        KEY.replace("-", "\\u002d"),
        KEY.replace("789", "7\\/89"),
    ],
)
def test_an_echo_in_any_spelling_is_hidden(echo: str) -> None:
    masked = mask_raw(f'data: {{"message": "no: {echo}, see docs"}}', KEY)
    assert "012345" not in masked
    assert MASK in masked
    assert masked.endswith('see docs"}')


def test_other_keys_are_hidden_where_that_is_asked_for_and_words_are_not() -> None:
    line = f"key-value stores, task-forces; sk-live-abc123def456 and {JWT}"
    assert mask_raw(line, KEY) == line
    masked = mask_raw(line, KEY, with_others=True)
    assert masked == f"key-value stores, task-forces; {MASK} and {MASK}"


@pytest.mark.parametrize("key", ["x", "EMPTY", "0"])
def test_a_key_that_is_hardly_one_hides_no_letters(key: str) -> None:
    line = f'{{"text": "EMPTYING x0 boxes 10", "key": "{key}"}}'
    assert mask_raw(line, key) == line.replace(f'"{key}"', f'"{MASK}"')


@pytest.mark.parametrize(
    "hostile",
    [
        "sk-" * 90_000,
        "eyJ" * 90_000,
        "sk-a.." * 40_000,
        KEY[:5] * 50_000,
        "…" * 90_000,
        "key-" * 60_000,
    ],
)
def test_hostile_text_takes_no_long_time(hostile: str) -> None:
    with bounded():
        for key in (KEY, JWT):
            mask_raw(hostile, key, with_others=True)

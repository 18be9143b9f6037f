"""The words of the interface: one for each idea, in both languages (docs/words.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
CATALOG = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
GLOSSARY = ROOT / "docs" / "words.md"


def rows(columns: int) -> list[list[str]]:
    """Return the rows of the glossary's table that has so many columns, without its head."""
    lines = [line for line in GLOSSARY.read_text().splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if len(row) == columns and not row[0].startswith("---")][1:]


def forbidden(column: int) -> list[str]:
    return [word for row in rows(5) for word in row[column].split(", ")]


ALLOWED = {(word, string.strip("`")) for word, string in rows(2)}


def messages() -> list[Message]:
    with CATALOG.open("rb") as file:
        return [message for message in read_po(file) if message.id]


def texts(value: str | list[str] | tuple[str, ...] | None) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


def misused(message: Message) -> Iterator[tuple[str, str]]:
    """Yield the forbidden words of a message, each with the message's English."""
    english = " ".join(texts(message.id))
    chinese = " ".join(texts(message.string))
    for word in forbidden(2):
        if re.search(rf"\b{re.escape(word)}\b", english, re.IGNORECASE):
            yield word, texts(message.id)[0]
    for word in forbidden(4):
        if word in chinese:
            yield word, texts(message.id)[0]


def test_every_string_uses_the_words_of_the_glossary() -> None:
    found = {pair for message in messages() for pair in misused(message)}
    assert found - ALLOWED == set()


def test_no_exception_has_lost_its_string() -> None:
    """A named exception whose string is gone or mended leaves the table."""
    found = {pair for message in messages() for pair in misused(message)}
    assert ALLOWED - found == set()


@pytest.mark.parametrize(
    ("english", "chinese", "words"),
    [
        ("Answers stop.", "回复会停止。", ["answers"]),
        ("Replies stop.", "回答会停止。", ["回答"]),
        ("Replies stop.", "回复会停止。", []),
        (("%(n)s picture", "%(n)s pictures"), ("%(n)s 张图片",), ["picture", "pictures"]),
    ],
)
def test_a_forbidden_word_is_found(
    english: str | tuple[str, ...], chinese: str | tuple[str, ...], words: list[str]
) -> None:
    assert [word for word, _ in misused(Message(english, chinese))] == words


def test_the_glossary_has_twenty_ideas() -> None:
    assert len(rows(5)) >= 20
    assert all(all(row) for row in rows(5))

"""The search for visible words in templates and scripts that bypass gettext."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from django.template.base import Lexer, TokenType

# These are the same in every language: names, keys, and languages in their own words.
NAMES = {"Chatsite", "HTTP", "Ctrl", "Shift", "Alt", "Enter", "Esc", "English", "简体中文"}
SPOKEN = {"alt", "aria-description", "aria-label", "label", "placeholder", "title"}
SILENT = {"code", "kbd", "pre", "script", "style"}
HIDING = {"blocktrans": "endblocktrans", "blocktranslate": "endblocktranslate"}
HIDING |= {"comment": "endcomment"}
WORD = re.compile(r"[^\W\d_]{2,}")
# Attributes and classes in a template that is included inside a tag.
MARKUP = re.compile(r"""[\w-]+="[^"]*"|\S+--\S+""")

STRING = re.compile(r"""//.*|/\*.*?\*/|(["'`])((?:\\.|(?!\1).)*)\1""", re.DOTALL)
SENTENCE = re.compile(r"[A-Z][\w’']* [a-z]|[\u4e00-\u9fff]")
SHOWN = re.compile(
    r"(?:\.(?:textContent|innerText|ariaLabel|title|placeholder|alt) = |\bannounce\()$"
)


def in_template(text: str) -> Iterator[str]:
    """Yield the words in a template's HTML that are not inside a translating tag."""
    parser = _Words()
    parser.feed("".join(_html(text)))
    parser.close()
    return iter(parser.found)


def in_script(text: str) -> Iterator[str]:
    """Yield the strings of a script that are sentences, or are assigned to visible properties."""
    for match in STRING.finditer(text):
        content = match[2] or ""
        is_shown = SHOWN.search(text, max(0, match.start() - 20), match.start())
        if SENTENCE.match(content) or (is_shown and WORD.search(content)):
            yield content


def _html(text: str) -> Iterator[str]:
    """Yield the template's text without tags and translated blocks."""
    end = ""
    for token in Lexer(text).tokenize():
        tag = token.contents.split(" ")[0]
        if token.token_type == TokenType.BLOCK and (end or tag in HIDING):
            end = "" if tag == end else end or HIDING[tag]
        elif not end:
            yield token.contents if token.token_type == TokenType.TEXT else " "


class _Words(HTMLParser):
    """Collects visible and spoken words: text, and attributes such as aria-label."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self._silent.append(tag)
        for name, value in attrs:
            if name in SPOKEN:
                self._note(value or "")

    def handle_endtag(self, tag: str) -> None:
        if self._silent and self._silent[-1] == tag:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._note(data)

    def _note(self, text: str) -> None:
        words = " ".join(MARKUP.sub("", text).split())
        if any(word not in NAMES for word in WORD.findall(words)):
            self.found.append(words)

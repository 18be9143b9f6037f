"""Pictures inside a text that comes in pieces: taken out before anything is done with the text.

A picture's data is megabytes of letters; neither the renderer nor the journal ever sees them.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator

from conversations.upstream.answer.image_fields import ImageSource
from conversations.upstream.errors import TooLarge

MAX_CHARACTERS = 32 * 1024 * 1024
"""The limit counts the data of all images in an answer."""

_IMAGE = r"!\[[^\[\]\n]{0,2000}\]\([ ]?<?"
_HEADER = r"data:image/[a-z0-9.+;=_-]{1,100};base64,"
# No word ends in it: "good" is not held back for its last letter.
_NEW_WORD = "(?<![A-Za-z0-9])"
_START = re.compile(rf"(?:(?P<image>{_IMAGE})|{_NEW_WORD}){_HEADER}", re.IGNORECASE)


def _beginnings(literal: str) -> str:
    """A pattern of every beginning of ``literal``, the empty one not among them."""
    pattern = ""
    for character in reversed(literal):
        pattern = f"{re.escape(character)}(?:{pattern})?" if pattern else re.escape(character)
    return pattern


_MAY_START = re.compile(
    rf"(?:!(?:\[[^\[\]\n]{{0,2000}}(?:\](?:\([ ]?<?)?)?)?"
    rf"|(?:{_IMAGE}|{_NEW_WORD})(?:data:image/[a-z0-9.+;=_-]{{0,110}}|{_beginnings('data:image/')}))\Z",
    re.IGNORECASE,
)
_CLOSING = re.compile(r"[^)\n]{0,500}\)")
_MOST_HELD = 500
# The data ends at one of these, inside the parentheses of Markdown or in plain text.
_ENDS_IN_MARKDOWN = ")>\"'"
_ENDS = _ENDS_IN_MARKDOWN + " \t\r\n<(]}`"


class InlineImageSplitter:
    """Splits text into text and the pictures whose ``data:`` address stands in it.

    The address may be cut anywhere, and stand alone or as a Markdown image, which is taken whole.
    """

    def __init__(self) -> None:
        self._held = ""
        self._last = ""
        self._data: list[str] | None = None
        self._characters = 0
        self._is_markdown = False
        self._closes = False

    def feed(self, piece: str) -> Iterator[str | ImageSource]:
        """Yield what `piece` makes certain. Raises TooLarge."""
        text = self._held + piece
        self._held = ""
        while text:
            if self._closes:
                text = self._close(text)
            elif self._data is not None:
                text = yield from self._collect(text)
            else:
                text = yield from self._look(text)

    def flush(self, *, is_complete: bool) -> Iterator[str | ImageSource]:
        """Yield what was held back. A picture that was cut off is none: it is dropped."""
        if self._data is not None and is_complete:
            yield self._picture()
        elif self._held and not self._closes:
            yield self._held
        self._held, self._data, self._closes = "", None, False

    def _look(self, text: str) -> Generator[str | ImageSource, None, str]:
        """Look for the beginning of a picture; return what follows it."""
        at = len(self._last)
        seen = self._last + text
        start = _START.search(seen, at)
        perhaps = start or _MAY_START.search(seen, at)
        certain = seen[at:] if perhaps is None else seen[at : perhaps.start()]
        if certain:
            self._last = certain[-1]
            yield certain
        if start is None:
            self._held = text[len(certain) :]
            return ""
        self._data, self._is_markdown = [], start["image"] is not None
        return seen[start.end() :]

    def _collect(self, text: str) -> Generator[str | ImageSource, None, str]:
        """Collect data up to its end; return what follows it."""
        assert self._data is not None  # noqa: S101 (only then is it called)
        ends = _ENDS_IN_MARKDOWN if self._is_markdown else _ENDS
        found = [at for end in ends if (at := text.find(end)) >= 0]
        data = text[: min(found)] if found else text
        self._characters += len(data)
        if self._characters > MAX_CHARACTERS:
            raise TooLarge
        self._data.append(data)
        if found:
            yield self._picture()
            self._closes = self._is_markdown
        return text[len(data) :]

    def _picture(self) -> ImageSource:
        picture = ImageSource(data="".join(self._data or ()))
        self._data, self._last = None, ""
        return picture

    def _close(self, text: str) -> str:
        """Leave out the end of a Markdown image: perhaps a title, and the parenthesis."""
        if closing := _CLOSING.match(text):
            self._closes = False
            return text[closing.end() :]
        if "\n" in text or len(text) > _MOST_HELD:
            self._closes = False
            return text
        self._held = text
        return ""

"""The images of an answer, in every shape in which servers send them."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

_DATA_URI = re.compile(r"data:image/[a-z0-9.+;=_-]{1,100};base64,", re.IGNORECASE)
_WEB = ("http://", "https://")
# Some servers send an image without its type, so it is told by how PNG, JPEG, WebP and GIF begin.
_BEGINNINGS = ("iVBORw0KGgo", "/9j/", "UklGR", "R0lGOD")
_FEWEST_CHARACTERS = 40
# Under which names an object holds its picture, as an address or as data.
_NAMES = ("b64_json", "image_url", "url", "source", "inline_data", "data", "result", "image")
_DEEPEST = 4


class NoDataError(ValueError):
    """The data is not base64."""


@dataclass(frozen=True, slots=True)
class ImageSource:
    """One picture as it was given: its base64, or the address where it lies."""

    data: str = ""
    url: str = ""

    def decode(self) -> bytes:
        """Return the bytes of the data. Raises NoDataError."""
        text = unquote(self.data) if "%" in self.data else self.data
        text = "".join(text.split()).translate(_ALPHABET).rstrip("=")
        try:
            return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
        except ValueError:
            raise NoDataError from None


_ALPHABET = str.maketrans("-_", "+/")


def images_in(document: Mapping[str, Any], message: Mapping[str, Any]) -> tuple[ImageSource, ...]:
    """Return the images in the fields of a payload, each once.

    They are in parts of ``content``, in ``images`` or ``b64_json`` of the message, or in the
    ``data`` of an images endpoint. Images inside a text are for ``body/inline_images.py``.
    """
    content = message.get("content")
    parts = content if isinstance(content, list) else [content]
    found = [
        *(source for part in parts if isinstance(part, dict) for source in _in_object(part)),
        *_in_value(message.get("images")),
        *_in_value(message.get("image")),
        *_in_data(message.get("b64_json")),
        *_in_value(document.get("data")),
    ]
    return tuple(dict.fromkeys(found))


def bare_image(text: str) -> ImageSource | None:
    """The picture that a whole text is, where it is nothing but base64."""
    text = text.strip()
    is_one = text.startswith(_BEGINNINGS) and len(text) >= _FEWEST_CHARACTERS and " " not in text
    return ImageSource(data=text) if is_one else None


def _in_value(value: object, depth: int = 0) -> Iterator[ImageSource]:
    if isinstance(value, str):
        yield from _in_text(value.strip())
    elif isinstance(value, list):
        yield from _in_list(value, depth)
    elif isinstance(value, dict):
        yield from _in_object(value, depth)


def _in_list(values: Iterable[object], depth: int) -> Iterator[ImageSource]:
    for value in values if depth < _DEEPEST else ():
        yield from _in_value(value, depth + 1)


def _in_object(value: Mapping[str, Any], depth: int = 0) -> Iterator[ImageSource]:
    """The picture under the first name that has one: several names of an object are one picture."""
    if depth >= _DEEPEST or "text" in value or "thinking" in value:
        return
    for name in _NAMES:
        read = _in_data if name == "b64_json" else _in_value
        if found := list(read(value.get(name), depth + 1)):
            yield from found
            return


def _in_data(value: object, depth: int = 0) -> Iterator[ImageSource]:
    """Data that is declared as base64 is taken as such, whatever it begins with."""
    found = list(_in_value(value, depth))
    if not found and isinstance(value, str) and value.strip():
        found = [ImageSource(data=value)]
    yield from found


def _in_text(text: str) -> Iterator[ImageSource]:
    if head := _DATA_URI.match(text):
        yield ImageSource(data=text[head.end() :])
    elif text.lower().startswith(_WEB):
        yield ImageSource(url=text)
    elif (bare := bare_image(text)) is not None:
        yield bare

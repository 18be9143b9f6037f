"""The address of an HTTP tool: a template that arguments fill without changing the server.

``https://host/path/{name}?key={name}``: scheme and host are literal, and a ``{name}`` is replaced
by the argument of that name, percent-encoded. In the path it stays within one segment; a part of
the query whose argument is missing is left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

from conversations.tools.base import ToolError
from conversations.tools.fetch import MAX_URL, FetchError, parse_address

MAX_TEMPLATE = 2000
NAME = r"[A-Za-z0-9_.-]{1,64}"
_PLACE = re.compile(rf"\{{({NAME})\}}")
_ORIGIN = re.compile(r"https?://[^/?#{}]+", re.IGNORECASE)
_SEPARATORS = re.compile(r"[/\\]")
_DOTS = frozenset({".", ".."})


class TemplateError(ValueError):
    """A template that cannot be used: bad_url, not_literal, fragment, braces or dots."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class UrlTemplate:
    """A parsed template; ``text`` is its source."""

    text: str
    origin: str
    path: str
    query: str

    @cached_property
    def path_names(self) -> frozenset[str]:
        """The arguments that the path needs."""
        return frozenset(_PLACE.findall(self.path))

    @cached_property
    def names(self) -> frozenset[str]:
        """The arguments that path or query contain."""
        return self.path_names | frozenset(_PLACE.findall(self.query))

    def fill(self, arguments: Mapping[str, Any], *, more: Iterable[tuple[str, Any]] = ()) -> str:
        """Return the address for these arguments, with ``more`` at the end of its query.

        Raises ToolError if an argument cannot be in a path, or the address is too long.
        """
        given = {name: text_of(value) for name, value in arguments.items() if value is not None}
        path = "/".join(_segment(part, given) for part in self.path.split("/"))
        written = [piece for piece in self.query.split("&") if given.keys() >= _names(piece)]
        pieces = [_filled(piece, given) for piece in written if piece]
        pieces += [f"{_quoted(name)}={_quoted(text_of(value))}" for name, value in more]
        url = self.origin + path + (f"?{'&'.join(pieces)}" if pieces else "")
        if len(url) > MAX_URL:
            raise ToolError("the arguments are too long for an address.")
        return url


def parse(text: str) -> UrlTemplate:
    """Parse a template. Raises TemplateError."""
    if "#" in text:
        raise TemplateError("fragment")
    origin = _ORIGIN.match(text)
    rest = text[origin.end() :] if origin else ""
    if origin and rest and rest[0] not in "/?":
        raise TemplateError("not_literal")
    if not origin or len(text) > MAX_TEMPLATE:
        raise TemplateError("bad_url")
    bare = _PLACE.sub("x", rest)
    if "{" in bare or "}" in bare:
        raise TemplateError("braces")
    path, _, query = rest.partition("?")
    if not _DOTS.isdisjoint(path.split("/")):
        raise TemplateError("dots")
    try:
        parse_address(origin[0] + bare)
    except FetchError:
        raise TemplateError("bad_url") from None
    return UrlTemplate(text, origin[0].lower(), path, query)


def text_of(value: Any) -> str:
    """Return an argument as text: strings unchanged, anything else as JSON."""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _segment(part: str, given: Mapping[str, str]) -> str:
    """Fill one segment of the path. Raises ToolError if it would be empty, `.` or `..`."""
    for name in _names(part):
        if not given.get(name):
            raise ToolError(f'"{name}" is part of the address and must not be empty.')
    if _names(part):
        whole = _PLACE.sub(lambda place: given[place[1]], part)
        if not _DOTS.isdisjoint(_SEPARATORS.split(whole)):
            raise ToolError("an argument would lead to another place of the server.")
    return _filled(part, given)


def _filled(piece: str, given: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda place: _quoted(given[place[1]]), piece)


def _names(piece: str) -> set[str]:
    return set(_PLACE.findall(piece))


def _quoted(text: str) -> str:
    return quote(text, safe="", errors="replace")

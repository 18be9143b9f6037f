"""A loader of templates that shortens white space in their HTML.

Templates are written one element a line and indented, which made a page of 50 messages 23 % larger,
and 9 % larger when compressed. A browser shows any run of white space as one space, so each line
break becomes one character when a template is compiled; rendering costs nothing more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.template import Origin, Template
from django.template.base import Node, TextNode
from django.template.loaders import cached

# A line break with its indentation, or a tag of an element in which white space counts.
_PIECE = re.compile(r"\s*\n\s*|<(/?)(pre|script|style|textarea)\b")


class Loader(cached.Loader):
    """Django's cached loader; what it compiles from ``*.html`` is shortened."""

    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> Template:
        """Return the compiled template. Raises TemplateDoesNotExist."""
        is_compiled = self.cache_key(template_name, skip) in self.get_template_cache
        template = super().get_template(template_name, skip)
        if not is_compiled and template_name.endswith(".html"):
            shorten(template.nodelist.get_nodes_by_type(TextNode))
        return template


def shorten(nodes: Iterable[Node]) -> None:
    """Replace each line break and its indentation by one character, except in ``pre`` and the like.

    ``nodes`` is the text of one template in its order. Line numbers in error messages stay right,
    because the nodes have theirs already.
    """
    replace = _Replacement()
    for node in nodes:
        if isinstance(node, TextNode):
            node.s = _PIECE.sub(replace, node.s)


class _Replacement:
    """The replacement of each piece; it knows the open verbatim element, or "" for none."""

    def __init__(self) -> None:
        self._element = ""

    def __call__(self, piece: re.Match[str]) -> str:
        slash, element = piece.groups()
        if element:
            self._pass(element, is_end=bool(slash))
        if element or self._element:
            return piece[0]
        return "\n" if _is_between_tags(piece) else " "

    def _pass(self, element: str, *, is_end: bool) -> None:
        if is_end and element == self._element:
            self._element = ""
        elif not is_end and not self._element:
            self._element = element


def _is_between_tags(piece: re.Match[str]) -> bool:
    """True where a line break is kept, so that the source of a page can be read."""
    text, before, after = piece.string, piece.start() - 1, piece.end()
    return text[before : before + 1] == ">" and text[after : after + 1] == "<"

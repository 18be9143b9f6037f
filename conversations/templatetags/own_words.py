"""A user's own message: the text as it was typed, with its fenced code set as code.

No Markdown is applied: the text content of the HTML is the text, character by character, so that
copying, editing and searching meet what was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# Lines and characters from which a message is folded to ten lines.
FOLDED_LINES = 13
FOLDED_CHARACTERS = 1_000
# Markdown's lines, which end at a line feed only, as str.splitlines does not.
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_FENCE = re.compile(r"[ ]{0,3}(`{3,}|~{3,})([^`\n]*)\n?")


@register.filter
def as_typed(text: str) -> SafeString:
    """Return the text as HTML. The lines of fences are in it, but hidden."""
    return mark_safe("".join(_pieces(_LINE.findall(text))))  # noqa: S308 (escaped)


@register.filter
def is_folded(text: str) -> bool:
    """Whether only the beginning of the text is shown at first."""
    return len(text) > FOLDED_CHARACTERS or text.count("\n") >= FOLDED_LINES


def _pieces(lines: list[str]) -> Iterator[str]:
    number = 0
    while number < len(lines):
        end = _end_of_code(lines, number)
        if end is None:
            yield escape(lines[number])
            number += 1
            continue
        body = escape("".join(lines[number + 1 : end]))
        closing = _hidden(lines[end]) if end < len(lines) else ""
        yield f'{_hidden(lines[number])}<code class="slip__code">{body}</code>{closing}'
        number = end + 1


def _end_of_code(lines: list[str], start: int) -> int | None:
    """Return the number of the line that closes the code, or of lines if none does.

    None if line ``start`` opens no code.
    """
    opening = _FENCE.fullmatch(lines[start])
    if opening is None:
        return None
    for number in range(start + 1, len(lines)):
        fence = _FENCE.fullmatch(lines[number])
        if fence and not fence[2].strip() and fence[1].startswith(opening[1]):
            return number
    return len(lines)


def _hidden(line: str) -> str:
    return f'<span class="slip__fence">{escape(line)}</span>'

"""Asking a model for the title of a conversation, and reading what it says."""

from __future__ import annotations

import re

INSTRUCTION = (
    "Write a title for the conversation below: at most six words, in the language of its first "
    "message, without quotation marks and without a full stop. Answer with the title only."
)
MAX_LENGTH = 80
_LABEL = re.compile(r"^(?:title|标题|題目|主题)\s*[:：]\s*", re.IGNORECASE)
_MARKS = "*_#`\"'“”‘’「」『』《》 \t"
# Markdown's marks around words. Signs that stand between words, as in 12 * 12, are none.
_PAIRED = (
    re.compile(r"(\*\*|~~)(?=\S)(.+?)(?<=\S)\1(?!\w)"),
    re.compile(r"(?<![\w*])(\*)(?=[^\s*])([^*]*[^\s*])\*(?![\w*])"),
    re.compile(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)"),
)
_UNPAIRED = re.compile(r"(?<!\S)(?:\*\*|`+)(?=\S)|(?<=\S)\*\*(?!\S)")


def without_marks(line: str) -> str:
    """Return a line of Markdown without the marks for emphasis and code."""
    for pattern in _PAIRED:
        line = pattern.sub(r"\2", line)
    return _UNPAIRED.sub("", line)


def title_of(answer: str) -> str:
    """The title in a model's answer; empty where none can be found in it.

    Models wrap titles in quotation marks, Markdown and labels, whatever they are told.
    """
    lines = (line.strip(_MARKS) for line in answer.splitlines())
    line = next(filter(None, lines), "")
    title = " ".join(without_marks(_LABEL.sub("", line).strip(_MARKS)).rstrip(".。").split())
    return title if len(title) <= MAX_LENGTH else f"{title[: MAX_LENGTH - 1].rstrip()}…"

"""Find a docstring or comment that begins with a clause instead of a verb or a noun."""

from __future__ import annotations

import re

from tests.prose.texts import Text

QUESTIONS = "what|whatever|who|whoever|whom|whomever|whose|which|whichever|how|why"
# A comma may make a sentence of these ("When the server closes, we …"): a comment may begin so.
CLAUSES = "where|wherever|when|whenever|as|of"
POINTERS = "that|those"
FIRST = re.compile(rf"(?i)\W*({QUESTIONS}|{CLAUSES}|{POINTERS})\b(?!-)")
SMALL = "without|with|in|on|at|by|for|of|as|and|or|but|not|to|from"
CLAUSE = re.compile(rf"(?i)\W*(?:{CLAUSES})\b[^,.;:]*,\s(?!(?:{SMALL})\b)")
# "That would be too late." is a sentence; "Those of the document" and "That which" are none.
POINTER = re.compile(r"(?i)\W*(?:that|those)\s(?!of\b|in\b|with|which\b|that\b|who|whose\b)")
ADVICE = {
    "docstring": "begin with a verb or a noun phrase, or delete it where the name says it",
    "comment": "write a whole sentence that gives a cause",
}


def headless(text: Text) -> list[tuple[int, str]]:
    """Return the line and a sentence for a text without a subject, else nothing."""
    first = FIRST.match(text.words)
    if text.kind not in ADVICE or not first or (text.kind == "comment" and _is_sentence(text)):
        return []
    quoted = text.words.strip().splitlines()[0]
    return [(text.line, f"“{quoted}” begins with “{first[1]}” — {ADVICE[text.kind]}")]


def _is_sentence(text: Text) -> bool:
    return bool(CLAUSE.match(text.words) or POINTER.match(text.words))

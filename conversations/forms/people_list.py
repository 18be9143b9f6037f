"""Parsing a pasted list of users, as mail programs and spreadsheets write one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from conversations.actions.people import Entry

EMAIL_LENGTH = 254
NAME_LENGTH = 150

# Full-width and Chinese punctuation is read as the ASCII characters that it stands for.
_PLAIN = str.maketrans("，、；＜＞〈〉《》＠．：（）“”　", ',,;<><><>@.:()"" ')
_ADDRESS = re.compile(r"""[^\s<>,;"'()\[\]]*@[^\s<>,;"'()\[\]]*""")
_AROUND_NAME = " \t\r\n<>()[]\"',;:\u200b\ufeff\xa0"


@dataclass(frozen=True, slots=True)
class LineProblem:
    """An invalid line. Codes: no_address, bad_address, several, long_name."""

    line: int
    code: str
    text: str


def read(text: str) -> tuple[list[Entry], list[LineProblem]]:
    """Return the entries, one for each address, and the invalid lines, numbered from 1."""
    entries: dict[str, Entry] = {}
    problems = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip(_AROUND_NAME):
            continue
        try:
            for entry in _people(line.translate(_PLAIN)):
                entries.setdefault(entry.email, entry)
        except _BadLineError as error:
            problems.append(LineProblem(line=number, code=error.code, text=error.text))
    return list(entries.values()), problems


class _BadLineError(Exception):
    def __init__(self, code: str, text: str) -> None:
        super().__init__(code)
        self.code = code
        self.text = text.strip()


def _people(line: str) -> Iterator[Entry]:
    """Yield the entry of a line, or several if separators divide it into one address each."""
    if len(_ADDRESS.findall(line)) < 2:
        yield _person(line)
        return
    for separators in (";", ",;\t"):
        pieces = [piece for piece in re.split(f"[{separators}]", line) if piece.strip()]
        if all(len(_ADDRESS.findall(piece)) == 1 for piece in pieces):
            yield from map(_person, pieces)
            return
    raise _BadLineError("several", line)


def _person(text: str) -> Entry:
    """Parse ``Name <a@b>``, ``a@b, Name``, ``Name; a@b`` or ``a@b``, whose name is then ``a``."""
    found = _ADDRESS.search(text)
    if found is None:
        raise _BadLineError("no_address", text)
    email = found[0].removeprefix("mailto:").rstrip(".").lower()
    try:
        validate_email(email)
    except ValidationError:
        raise _BadLineError("bad_address", found[0]) from None
    if len(email) > EMAIL_LENGTH:
        raise _BadLineError("bad_address", email)
    around = (text[: found.start()], text[found.end() :])
    parts = (part.strip(_AROUND_NAME) for part in re.split(r"[,;\t]", " , ".join(around)))
    name = "".join(c for c in " ".join(" ".join(parts).split()) if c.isprintable())
    if len(name) > NAME_LENGTH:
        raise _BadLineError("long_name", name)
    return Entry(name=name or email.partition("@")[0], email=email)

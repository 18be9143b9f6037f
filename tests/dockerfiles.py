"""Enough of the formats of Dockerfile and .dockerignore to read ours."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction: its word, and the rest of its line."""

    word: str
    rest: str

    @property
    def command(self) -> list[str]:
        """What a RUN, CMD or HEALTHCHECK CMD runs."""
        text = self.rest[self.rest.index("CMD ") + 4 :] if self.word == "HEALTHCHECK" else self.rest
        command: list[str] = json.loads(text) if text.startswith("[") else ["sh", "-c", text]
        return command


def stages(text: str) -> list[list[Step]]:
    """The steps by stage, each beginning with its FROM."""
    lines = re.sub(r"(?m)^#.*\n", "", text).replace("\\\n", " ").splitlines()
    found: list[list[Step]] = []
    for line in filter(None, lines):
        word, rest = line.split(maxsplit=1)
        if word == "FROM":
            found.append([])
        found[-1].append(Step(word, rest.strip()))
    return found


def environment(steps: list[Step], path: str) -> dict[str, str]:
    """What the ENV steps of a stage set, over the ``path`` of its base."""
    pairs = [pair for step in steps if step.word == "ENV" for pair in step.rest.split()]
    values = dict(pair.split("=", 1) for pair in pairs)
    return {name: value.replace("$PATH", path) for name, value in values.items()}


def is_sent(path: Path, patterns: list[str]) -> bool:
    """Whether a file is part of the build's context: the last pattern that matches decides."""
    sent = True
    for pattern in patterns:
        if _matches(path, pattern.removeprefix("!")):
            sent = pattern.startswith("!")
    return sent


def _matches(path: Path, pattern: str) -> bool:
    """A pattern without a slash is about the top; one with ``**/`` about any depth."""
    if pattern.startswith("**/"):
        return any(fnmatchcase(part, pattern[3:]) for part in path.parts)
    return fnmatchcase(path.parts[0], pattern)

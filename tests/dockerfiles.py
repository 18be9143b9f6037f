"""Parsers of Dockerfile and .dockerignore, for the instructions that ours use."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Step:
    """An instruction: its word and the rest of its line."""

    word: str
    rest: str

    @property
    def command(self) -> list[str]:
        """The command of a RUN, CMD or HEALTHCHECK CMD."""
        text = self.rest[self.rest.index("CMD ") + 4 :] if self.word == "HEALTHCHECK" else self.rest
        command: list[str] = json.loads(text) if text.startswith("[") else ["sh", "-c", text]
        return command


def stages(text: str) -> list[list[Step]]:
    """Return the steps of each stage, the first of which is its FROM."""
    lines = re.sub(r"(?m)^#.*\n", "", text).replace("\\\n", " ").splitlines()
    found: list[list[Step]] = []
    for line in filter(None, lines):
        word, rest = line.split(maxsplit=1)
        if word == "FROM":
            found.append([])
        found[-1].append(Step(word, rest.strip()))
    return found


def environment(steps: list[Step], path: str) -> dict[str, str]:
    """Return the variables that ENV steps set, where ``path`` is the PATH of the base image."""
    pairs = [pair for step in steps if step.word == "ENV" for pair in step.rest.split()]
    values = dict(pair.split("=", 1) for pair in pairs)
    return {name: value.replace("$PATH", path) for name, value in values.items()}


def is_sent(path: Path, patterns: list[str]) -> bool:
    """Whether a file is part of the build context: the last pattern that matches decides."""
    sent = True
    for pattern in patterns:
        if _matches(path, pattern.removeprefix("!")):
            sent = pattern.startswith("!")
    return sent


def _matches(path: Path, pattern: str) -> bool:
    """Whether the pattern matches the top folder, or with ``**/`` any part of the path."""
    if pattern.startswith("**/"):
        return any(fnmatchcase(part, pattern[3:]) for part in path.parts)
    return fnmatchcase(path.parts[0], pattern)

"""Find a citation of a file, a folder or a section that is not in the repository."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch

from tests.prose.texts import Text

FOLDERS = {"conversations", "chatsite", "docs", "tests", "static", "templates", "bench", "locale"}
WORD = re.compile(r"[\w./*:@%-]+")
FILE = re.compile(r"[\w./*-]*[\w*]\.(?:py|js|css|html|md|toml|tsv|txt|json|po|lock|svg)")
# A word that one of these touches is a pattern of addresses or names, such as `<name>.py`.
OPEN = set("<>{}$…~#?&=")
# A section of a standard can be looked up; one of a page outside the repository cannot.
SECTION = re.compile(r"(?P<of>(?:RFC|CommonMark|WCAG|UAX) [#\d.]+,? |\w+ )?§+ ?\d[\d.]*(?<!\.)")
STANDARD = re.compile(r"(?:RFC|CommonMark|WCAG|UAX) ")
ELSEWHERE = re.compile(r"\bDESIGN\b(?! §)|\bmain[- ]job\b|\bissue #?\d+\b")


class Tree:
    """The files and folders that may be cited, by any part of the path that ends it."""

    def __init__(self, paths: Iterable[str]) -> None:
        """Take the files by their paths from the root, with ``/`` between the parts."""
        self._ends: set[str] = set()
        for path in paths:
            parts = path.split("/")
            for end in range(1, len(parts) + 1):
                self._ends.update("/".join(parts[begin:end]) for begin in range(end))

    def has(self, cited: str) -> bool:
        """Whether a file or folder is called so; ``*`` stands for any characters."""
        cited = cited.rstrip("/")
        if "*" in cited:
            return any(fnmatch(end, cited) for end in self._ends)
        return cited in self._ends


def missing_paths(text: Text, tree: Tree) -> list[tuple[int, str]]:
    """Return the line and a sentence for each path that is not in the tree."""
    return [_fault(text, at, cited) for at, cited in _paths(text.words) if not tree.has(cited)]


def foreign_sections(text: Text) -> list[tuple[int, str]]:
    """Return the same for sections and pages that a reader of the repository cannot see."""
    return [_fault(text, at, cited) for at, cited in _elsewhere(text.words)]


def _fault(text: Text, at: int, cited: str) -> tuple[int, str]:
    line = text.line + text.words.count("\n", 0, at)
    return line, f"“{cited}” is not in the repository — cite what is, or give the reason here"


def _paths(words: str) -> Iterator[tuple[int, str]]:
    """Yield each word that names a file, or a folder that is certainly one of ours."""
    for match in WORD.finditer(words):
        before, after = words[: match.start()][-1:], words[match.end() :][:1]
        cited = match[0].split(":")[0].rstrip(".")
        if cited.startswith("/") or "//" in match[0] or {before, after} & OPEN:
            continue
        is_quoted = before == after == "`"
        is_folder = cited.partition("/")[0] in FOLDERS or (is_quoted and cited.endswith("/"))
        if FILE.fullmatch(cited) or ("/" in cited and is_folder):
            yield match.start(), cited


def _elsewhere(words: str) -> Iterator[tuple[int, str]]:
    for match in SECTION.finditer(words):
        if not STANDARD.match(match["of"] or ""):
            yield match.start(), match[0]
    for match in ELSEWHERE.finditer(words):
        yield match.start(), match[0]

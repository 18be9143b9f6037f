"""Check the prose of the repository: ``python -m tests.prose``, which ``make check`` calls."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.prose.citations import Tree, foreign_sections, missing_paths
from tests.prose.headless import headless
from tests.prose.texts import Text, texts

# Tests of the check show what it refuses, and Markdown below these is read by models or tests.
SKIPPED = ("tests/test_prose.py", "conversations/demo/content/", "bench/patches/answer.md")
# A record of the past may name a file that has been deleted since.
HISTORY = re.compile(r"CHANGELOG\.md|docs/decisions/\d")


def tracked(root: Path) -> list[str]:
    """Return the files that git knows or would add, by their paths from the root."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout
    return [path for path in listed.split("\0") if path and (root / path).is_file()]


def made_here(root: Path) -> list[str]:
    """Return the paths that .gitignore names from the root: what the commands make may be cited."""
    ignored = (root / ".gitignore").read_text(encoding="utf-8").splitlines()
    return [line.strip("/") for line in ignored if line.startswith("/")]


def problems(root: Path, paths: list[str]) -> list[str]:
    """Return a line for each fault in the files below ``root``, ordered by file and line."""
    tree = Tree([*paths, *made_here(root)])
    found = []
    for path in sorted(set(paths)):
        if path.startswith(SKIPPED):
            continue
        for text in _texts(root / path):
            faults = [*headless(text), *foreign_sections(text)]
            faults += [] if HISTORY.match(path) else missing_paths(text, tree)
            found += [(path, line, sentence) for line, sentence in faults]
    return [f"{path}:{line}: {sentence}" for path, line, sentence in sorted(found)]


def _texts(path: Path) -> list[Text]:
    try:
        return texts(path, path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        return []


def report(found: list[str]) -> int:
    """Print the faults and return the exit code."""
    for line in found:
        print(line)  # noqa: T201
    return int(bool(found))


if __name__ == "__main__":
    ROOT = Path(__file__).resolve().parents[2]
    sys.exit(report(problems(ROOT, tracked(ROOT))))

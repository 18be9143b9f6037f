"""The class names, custom properties and icons that the sheets define and that the sources use.

A class name may be composed: ``step--{{ step.state }}`` in a template, ``is-${how}`` in a script,
``f"icon--{size}"`` in Python. Its fixed part is then a prefix, and the rest of the name must be a
word in a string of some source.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHEETS = sorted((ROOT / "static/css").rglob("*.css"))
SCRIPTS = sorted((ROOT / "static/js").rglob("*.js"))
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())
MODULES = sorted(
    path for name in ("chatsite", "conversations") for path in (ROOT / name).rglob("*.py")
)
SPRITE = ROOT / "static/icons.svg"

# Stands in a text for what is put there when the text is rendered.
HOLE = "\0"
_CLASS_ATTRIBUTE = re.compile(r'\bclass="([^"]*)"')
_CLASS_BLOCK = re.compile(r"\{% block \w*class %\}(.*?)\{% endblock %\}", re.DOTALL)
_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_TEMPLATE_COMMENT = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", re.DOTALL)
_QUOTED = re.compile(r"\"([^\"\n]*)\"|'([^'\n]*)'")
_SCRIPT_STRING = re.compile(r"\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'|`((?:[^`\\]|\\.)*)`")
_WORD = re.compile(rf"[\w{HOLE}-]+")
_ONLY_WORDS = re.compile(rf"[\w\s{HOLE}-]+")


@dataclass
class Names:
    """Class names: whole ones, prefixes of composed ones, and the words that may follow those."""

    whole: set[str] = field(default_factory=set)
    prefixes: set[str] = field(default_factory=set)
    endings: set[str] = field(default_factory=set)

    def add(self, text: str) -> None:
        """Add the names in ``text``, the value of a class attribute or a part of one."""
        for word in _WORD.findall(text):
            start, hole, _ = word.partition(HOLE)
            if hole and re.fullmatch(r"[a-z].*-", start):
                self.prefixes.add(start)
            self.whole.update(part for part in word.split(HOLE) if part)
        self.add_endings(text)

    def add_endings(self, text: str) -> None:
        self.endings.update(re.findall(r"[\w-]+", text))

    def contains(self, name: str) -> bool:
        return name in self.whole or any(
            name.startswith(prefix) and name.removeprefix(prefix) in self.endings
            for prefix in self.prefixes
        )


@cache
def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def sheet(path: Path) -> str:
    """The text of a style sheet without its comments."""
    return re.sub(r"/\*.*?\*/", "", read(path), flags=re.DOTALL)


def rules(path: Path) -> Iterator[tuple[tuple[str, ...], dict[str, str]]]:
    """Each rule of a sheet: the at-rules and selectors that it stands in, and its declarations."""
    opened: list[tuple[str, dict[str, str]]] = []
    for text, mark in re.findall(r"([^{};]*)([{};])", sheet(path)):
        if mark == "{":
            opened.append((" ".join(text.split()), {}))
            continue
        name, colon, value = text.partition(":")
        if colon and opened:
            opened[-1][1][name.strip()] = " ".join(value.split())
        if mark == "}":
            yield tuple(head for head, _ in opened), opened.pop()[1]


def classes_in(css: str) -> set[str]:
    return set(re.findall(r"\.([A-Za-z_][\w-]*)", re.sub(r'"[^"]*"', "", css)))


def used_names() -> Names:
    names = Names()
    for path in TEMPLATES:
        _add_template(names, _TEMPLATE_COMMENT.sub("", read(path)))
    for path in SCRIPTS:
        for line in read(path).splitlines():
            _add_script_line(names, line)
    for path in MODULES:
        _add_module(names, list(_module_strings(read(path))))
    return names


def _add_template(names: Names, source: str) -> None:
    for tag in _TAG.findall(source):
        for double, single in _QUOTED.findall(tag):
            names.add_endings(double or single)
    for value in (*_CLASS_ATTRIBUTE.findall(source), *_CLASS_BLOCK.findall(source)):
        for tag in _TAG.findall(value):
            names.add(" ".join(single or double for double, single in _QUOTED.findall(tag)))
        names.add(_TAG.sub(HOLE, value))


def _add_script_line(names: Names, line: str) -> None:
    """Add the strings of a line; a plain word is a class name only beside the word "class"."""
    if line.lstrip().startswith("//"):
        return
    for found in _SCRIPT_STRING.findall(line):
        text = re.sub(r"\$\{[^}]*\}", HOLE, "".join(found))
        is_name = "class" in line or "-" in text
        if is_name and _ONLY_WORDS.fullmatch(text):
            names.add(text)
        names.add_endings(text)


def _add_module(names: Names, strings: list[str]) -> None:
    """Add the strings of a module; plain words are class names only where HTML is written."""
    writes_html = any(text == "class" or "class=" in text for text in strings)
    for text in strings:
        for value in _CLASS_ATTRIBUTE.findall(text):
            names.add(value)
        if _ONLY_WORDS.fullmatch(text):
            if writes_html:
                names.add(text)
            names.add_endings(text)


def _module_strings(source: str) -> Iterator[str]:
    """Every string of a Python module but its docstrings, with holes for what is formatted in."""
    tree = ast.parse(source)
    ignored: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            ignored.update(id(part) for part in ast.walk(node))
            parts = [part.value if isinstance(part, ast.Constant) else HOLE for part in node.values]
            yield "".join(str(part) for part in parts)
        elif isinstance(node, ast.Expr):
            ignored.add(id(node.value))
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in ignored
        ):
            yield re.sub(r"\{\w*\}", HOLE, node.value)

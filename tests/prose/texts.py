"""Find the docstrings and comments of a source file, and the text of a page of documentation."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath


@dataclass(frozen=True)
class Text:
    """A passage of prose; ``kind`` is docstring, comment or page, ``line`` counts from 1."""

    kind: str
    line: int
    words: str


PRAGMA = re.compile(r"(?:noqa|type:|mypy:|ruff:|fmt:|pragma|biome-ignore|djlint:|@ts-|!)")
# A `#` that ends a word, as in `href="#"`, begins no comment, so white space comes before it.
HASH = re.compile(r"(?m)(?P<code>^|.*?\s)#+[ \t]*(?P<words>.*)$")
SLASHES = re.compile(r"(?m)(?P<code>^|.*?\s)//[ \t]*(?P<words>.*)$")
BLOCK = re.compile(r"(?s)(?:^|(?<=\s))/\*+(.*?)\*/|\{#(.*?)#\}|\{% comment %\}(.*?)\{% endcomm")


def texts(path: PurePath, source: str) -> list[Text]:
    """Return the prose of a file, nothing for a kind of file that is not checked."""
    if path.suffix == ".md":
        return [Text("page", 1, source)]
    if path.suffix == ".py":
        found = [*_docstrings(source), *_joined(_python_comments(source))]
    elif path.suffix in {".js", ".css", ".html", ".svg"}:
        found = [*_joined(_line_comments(SLASHES, source)), *_block_comments(source)]
    elif path.suffix in {".toml", ".sh"} or not path.suffix:
        found = _joined(_line_comments(HASH, source))
    else:
        found = []
    return [text for text in found if text.words and not PRAGMA.match(text.words)]


def _docstrings(source: str) -> Iterator[Text]:
    """Yield each bare string: docstrings proper, and those below a constant or a field."""
    for node in ast.walk(ast.parse(source)):
        value = node.value if isinstance(node, ast.Expr) else None
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield Text("docstring", value.lineno, value.value)


def _python_comments(source: str) -> Iterator[tuple[int, bool, str]]:
    """Yield the line of each comment, whether code comes before it, and its words."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            has_code = bool(token.line[: token.start[1]].strip())
            yield token.start[0], has_code, token.string.lstrip("#:").strip()


def _line_comments(pattern: re.Pattern[str], source: str) -> Iterator[tuple[int, bool, str]]:
    for match in pattern.finditer(source):
        line = source.count("\n", 0, match.start("words")) + 1
        yield line, bool(match["code"].strip()), match["words"].strip()


def _block_comments(source: str) -> Iterator[Text]:
    for match in BLOCK.finditer(source):
        words = re.sub(r"(?m)^[ \t]*\*?[ \t]?", "", next(filter(None, match.groups()), ""))
        yield Text("comment", source.count("\n", 0, match.start()) + 1, words.strip())


def _joined(comments: Iterator[tuple[int, bool, str]]) -> list[Text]:
    """Join comments on consecutive lines of their own, except pragmas: they are one text."""
    found: list[Text] = []
    last = -1
    for line, has_code, words in comments:
        is_pragma = PRAGMA.match(words) is not None
        if line == last + 1 and not has_code and not is_pragma:
            found[-1] = Text("comment", found[-1].line, f"{found[-1].words}\n{words}")
        else:
            found.append(Text("comment", line, words))
        last = -1 if has_code or is_pragma else line
    return found

"""Joins the ES modules that a page always needs into one file, when static files are collected.

It knows the small dialect that our sources keep to and refuses everything else, so that a file is
either joined rightly or not at all. Why: docs/decisions/0003-one-file-of-scripts.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_IMPORT = re.compile(r'^import (?:\{([^}]*)\} from )?"([\w/-]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async function|function|class|const) (\w+))", re.MULTILINE)
_LIST = re.compile(r"^export \{ (\w+(?:, \w+)*) \};\n", re.MULTILINE)
_FOREIGN = re.compile(r"^(?:import(?! *\()|export|await)\b.*", re.MULTILINE)
_RENAMED = re.compile(r"(\w+) as (\w+)")
_COMMENT = re.compile(r"^ *//.*\n", re.MULTILINE)
_INDENT = re.compile(r"^\s+", re.MULTILINE)
# A line with an odd number of back quotes: a string goes on in the next line.
_OPEN_STRING = re.compile(r"^[^`\n]*(?:`[^`\n]*`[^`\n]*)*`[^`\n]*$", re.MULTILINE)


class NotJoinableError(Exception):
    """A module says something that the joiner does not know; the message names file and line."""


@dataclass(frozen=True)
class Module:
    """One source: the modules that it needs, in order, the names that it gives, and its text."""

    name: str
    needs: tuple[str, ...]
    gives: tuple[str, ...]
    body: str

    @property
    def variable(self) -> str:
        """Return the name, in the joined file, of the object that holds a module's exports."""
        return _variable(self.name)

    @property
    def as_function(self) -> str:
        """The module with a scope of its own, as its file was."""
        gives = ", ".join(self.gives)
        return f"const {self.variable} = (() => {{\n{self.body}return {{ {gives} }};\n}})();\n"

    def as_door(self, entry: str) -> str:
        """Return the source of a module's own file, which re-exports from the joined one."""
        gives = f"export const {{ {', '.join(self.gives)} }} = {self.variable};\n"
        needed = f'import {{ {self.variable} }} from "{entry}";\n'
        return needed + gives if self.gives else f'import "{entry}";\n'


def parse(name: str, source: str) -> Module:
    """Take a source apart. Raises NotJoinableError where it leaves the dialect.

    Lines that are comments, blank lines and indentation are left out, because browsers need none of
    them. So a string may not go on over several lines, where they would be a part of it.
    """
    source = _COMMENT.sub("", source)
    needs = tuple(match[2] for match in _IMPORT.finditer(source))
    declared = [match[1] for match in _EXPORT.finditer(source)]
    listed = [name for match in _LIST.finditer(source) for name in match[1].split(", ")]
    body = _LIST.sub("", _EXPORT.sub("", _IMPORT.sub(_as_constants, source)))
    if found := _FOREIGN.search(body) or _OPEN_STRING.search(body):
        raise NotJoinableError(
            f"{name}.js: cannot join “{found[0].strip()}”. Write import {{ a, b as c }} "
            'from "lib/x"; export before function, class or const; or export { a, b }; '
            "and each string in one line."
        )
    return Module(name, needs, (*declared, *listed), _INDENT.sub("", body))


def join(entry: str, sources: Mapping[str, str]) -> dict[str, str]:
    """The text of every file that ``entry`` leads to: the joined one, and doors into it.

    Modules run in the order in which a browser would run them. Raises NotJoinableError.
    """
    modules = _in_order(entry, sources)
    doors = {module.name: module.as_door(entry) for module in modules if module.name != entry}
    joined = "\n".join(f"// {module.name}.js\n{module.as_function}" for module in modules)
    exported = ", ".join(module.variable for module in modules if module.gives)
    return {**doors, entry: f"{joined}\nexport {{ {exported} }};\n"}


def _in_order(entry: str, sources: Mapping[str, str]) -> list[Module]:
    """Depth first, what is needed before who needs it."""
    done: dict[str, Module] = {}

    def visit(name: str, way: tuple[str, ...]) -> None:
        if name in way:
            raise NotJoinableError(f"Modules need each other: {' → '.join((*way, name))}.")
        if name in done:
            return
        if name not in sources:
            raise NotJoinableError(f"{way[-1]}.js needs {name}, which is no file in static/js.")
        module = parse(name, sources[name])
        for needed in module.needs:
            visit(needed, (*way, name))
        done[name] = module

    visit(entry, ())
    return list(done.values())


def _as_constants(match: re.Match[str]) -> str:
    if match[1] is None:
        return ""
    names = _RENAMED.sub(r"\1: \2", match[1]).strip().rstrip(",")
    return f"const {{ {names} }} = {_variable(match[2])};\n"


def _variable(name: str) -> str:
    return "$" + re.sub(r"\W", "_", name)

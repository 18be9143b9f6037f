"""Code blocks as figures, coloured by Pygments in five groups of short classes."""

from __future__ import annotations

import re
import time
from functools import lru_cache
from html import escape

from pygments.lexer import Lexer
from pygments.lexers import get_all_lexers, get_lexer_by_name
from pygments.token import Token, _TokenType

from conversations.rendering import limits

_LANGUAGES = frozenset(
    """
    bash bat c clojure cmake console cpp csharp css dart diff django docker elixir
    erlang fish fortran fsharp go graphql groovy haskell html http ini java javascript
    json julia kotlin less lua make matlab nginx nix objective-c ocaml perl php
    powershell protobuf pycon python r rb rust scala scheme scss solidity sql swift
    terraform toml typescript vbnet vim xml yaml zig
    """.split()  # noqa: SIM905 (a list of quoted words is harder to read)
)
_GROUPS: tuple[tuple[_TokenType, str], ...] = (
    (Token.Comment, "c"),
    (Token.Keyword.Type, "nf"),
    (Token.Keyword, "k"),
    (Token.Operator.Word, "k"),
    (Token.Name.Function, "nf"),
    (Token.Name.Class, "nf"),
    (Token.Name.Namespace, "nf"),
    (Token.Name.Builtin, "nf"),
    (Token.Name.Tag, "nf"),
    (Token.Name.Attribute, "nf"),
    (Token.Name.Decorator, "nf"),
    (Token.Name.Constant, "m"),
    (Token.Literal.String, "s"),
    (Token.Literal.Number, "m"),
    (Token.Generic.Deleted, "gd"),
    (Token.Generic.Inserted, "gi"),
    (Token.Generic.Heading, "k"),
    (Token.Generic.Subheading, "k"),
    (Token.Generic.Prompt, "c"),
)
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_BLANK_RUN = re.compile(rf"\s{{{limits.MAX_HIGHLIGHT_BLANK}}}")
_TAIL = "</code></pre></figure>"


@lru_cache(maxsize=1)
def _aliases() -> dict[str, tuple[str, str]]:
    """Map each alias of the coloured languages to (canonical alias, display name)."""
    found: dict[str, tuple[str, str]] = {}
    for name, aliases, _files, _types in get_all_lexers(plugins=False):
        canonical = next((alias for alias in aliases if alias in _LANGUAGES), None)
        if canonical:
            found.update((alias.lower(), (canonical, name)) for alias in aliases)
    return found


@lru_cache(maxsize=128)
def _lexer(canonical: str) -> Lexer:
    return get_lexer_by_name(canonical, stripnl=False, ensurenl=False)


@lru_cache(maxsize=512)
def _group(token: _TokenType) -> str:
    return next((name for ancestor, name in _GROUPS if token[: len(ancestor)] == ancestor), "")


def spell_out(code: str) -> str:
    """Spell out invisible direction marks, with which code can read otherwise than it runs."""
    return _BIDI.sub(lambda m: f"⟨U+{ord(m[0]):04X}⟩", code)


def escape_code(code: str) -> str:
    """Return code as HTML text."""
    return escape(spell_out(code), quote=False)


def figure(code: str, language: str) -> str:
    """Return the finished figure of a closed code block."""
    return _head(language) + _coloured(code, language.lower()) + _TAIL


def open_figure(code: str, language: str) -> tuple[str, str, str]:
    """Return the same figure while its block is open: (before, plain code, after)."""
    return _head(language), escape_code(code), _TAIL


def _head(language: str) -> str:
    """Return the HTML before the code. It has no words to translate: `<code-copy>` adds its own."""
    known = _aliases().get(language.lower())
    name = escape(known[1] if known else language)
    label = f' aria-label="{name}"' if name else ""
    return (
        f'<figure class="code"{label}><figcaption class="code__bar">'
        f'<span class="code__lang">{name}</span><code-copy></code-copy></figcaption>'
        '<pre class="hl" tabindex="0" dir="ltr"><code>'
    )


@lru_cache(maxsize=64)
def _coloured(code: str, language: str) -> str:
    known = _aliases().get(language)
    if known is None or _is_too_much(code):
        return escape_code(code)
    return _highlight(code, _lexer(known[0]))


def _is_too_much(code: str) -> bool:
    return (
        len(code) > limits.MAX_HIGHLIGHT_CHARS
        or max(map(len, code.split("\n"))) > limits.MAX_HIGHLIGHT_LINE
        or _BLANK_RUN.search(code) is not None
    )


def _highlight(code: str, lexer: Lexer) -> str:
    """Colour token by token; return plain code when the time is up or a character was lost."""
    deadline = time.thread_time() + limits.MAX_HIGHLIGHT_SECONDS
    runs: list[tuple[str, list[str]]] = []
    for token, value in lexer.get_tokens(code):
        if time.thread_time() > deadline:
            return escape_code(code)
        group = _group(token)
        if runs and (runs[-1][0] == group or value.isspace()):
            runs[-1][1].append(value)
        else:
            runs.append((group, [value]))
    if sum(len(value) for _, values in runs for value in values) != len(code):
        return escape_code(code)
    return "".join(_run(group, "".join(values)) for group, values in runs)


def _run(group: str, value: str) -> str:
    text = escape_code(value)
    return f'<span class="{group}">{text}</span>' if group else text

"""Formulas with brackets that are never closed: math-core takes time 2^n for n of them.

Measured with math-core 0.9.0: 28 times `(` take 2.5 s, and each further one doubles it. A bracket
of any kind that is closed in its own group costs nothing.
"""

from __future__ import annotations

import re
import unicodedata

MAX_UNCLOSED = 8
_GROUP = "{"
_TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|\S", re.DOTALL)
_NO_BRACKET = frozenset(  # commands with l or L that open nothing, because any other may open
    """
    lambda Lambda land ldots ldotp le left leftarrow Leftarrow leftrightarrow Leftrightarrow leq
    leqq leqslant leadsto lessapprox lessdot lesssim lg lhd lim liminf limits limsup ll lll ln lnot
    log longleftarrow Longleftarrow longleftrightarrow longmapsto longrightarrow Longrightarrow lor
    lozenge lt label lnsim lneq lneqq ltimes llap large Large LARGE
    """.split()  # noqa: SIM905 (a list of quoted words is harder to read)
)
_TAKES_A_DELIMITER = re.compile(r"\\(?:left|right|middle|[bB]igg?[lrm]?)")
_CLOSING = re.compile(
    r"[)\]]|\\\}|\\r(?:angle|ceil|floor|brace|brack|paren|vert|Vert|group)|\\[bB]igg?r"
)
_SYMBOL = re.compile(  # a bracket behind these closes, but behind `\sqrt` it is an argument
    r"\\(?:var)?(?:alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho"
    r"|sigma|tau|upsilon|phi|chi|psi|omega|infty|[lc]?dots|prime|ell|hbar|partial|emptyset)",
    re.IGNORECASE,
)


def has_many_unclosed(tex: str) -> bool:
    """Whether so many brackets stay open that converting would take seconds or years."""
    tokens = _TOKEN.findall(tex)
    if sum(map(_opens, tokens)) <= MAX_UNCLOSED:
        return False
    levels, unclosed, before = [0], 0, ""
    for token in tokens:
        if token in {"{", "\\left", "\\begin"}:
            levels.append(0)
        elif token in {"}", "\\right", "\\end"}:
            unclosed += levels.pop()
            levels = levels or [0]
        elif token in {"&", "\\\\", "\\middle"}:
            unclosed += levels[-1]
            levels[-1] = 0
        elif _TAKES_A_DELIMITER.fullmatch(before):
            pass
        elif _opens(token):
            levels[-1] += 1
        elif _closes(token, before):
            levels[-1] = max(0, levels[-1] - 1)
        before = token
    return unclosed + sum(levels) > MAX_UNCLOSED


def _opens(token: str) -> bool:
    if token[0] != "\\":
        is_opening = unicodedata.category(token) in {"Ps", "Pi"}
        return is_opening and token not in _GROUP
    name = token[1:]
    if name in {"{", "ulcorner", "mathopen", "bigl", "Bigl", "biggl", "Biggl"}:
        return True
    return name[:1] in {"l", "L"} and name not in _NO_BRACKET


def _closes(token: str, before: str) -> bool:
    is_argument = before[:1] == "\\" and before[1:2].isalpha()
    if is_argument and not _SYMBOL.fullmatch(before) and not _CLOSING.fullmatch(before):
        return False
    return _CLOSING.fullmatch(token) is not None

"""LaTeX to MathML, with the checks that keep the converter from killing the process."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape

from math_core import LatexError, LatexToMathML

from conversations.rendering import limits
from conversations.rendering.delimiters import has_many_unclosed

_CONVERTER = LatexToMathML(fancy_error=False, annotation=True, max_expansions=100)
_MACROS = re.compile(
    r"\\(?:[gex]?def|let|futurelet|(?:re|provide)?newcommand|(?:re|provide)command"
    r"|(?:re)?newenvironment|DeclareMathOperator)(?![a-zA-Z])"
)
_TAG_COMMAND = re.compile(r"\\tag\*?\{([^{}$\\]*)\}")
_ELEMENT = re.compile(r"<(/?[a-z]+)((?: [a-z]+=\"[^\"]*\")*)(/?)>")
_ATTRIBUTE = re.compile(r' ([a-z]+)="([^"]*)"')
_ANNOTATION = '<annotation encoding="application/x-tex">'
_VECTOR = re.compile(r"(<mo [^>]*>)\u20d7(</mo></mover>)")
_ALLOWED_ATTRIBUTES = frozenset(
    """
    accent accentunder class columnalign depth display displaystyle encoding fence form
    height linethickness lspace mathvariant maxsize minsize movablelimits notation
    rspace scriptlevel separator stretchy symmetric voffset width
    """.split()  # noqa: SIM905 (a list of quoted words is harder to read)
)
_STYLES = {
    "text-align: left": "m-left",
    "text-align: right": "m-right",
    "padding-left: 0": "m-flush-l",
    "padding-right: 0": "m-flush-r",
    "padding-left:1em": "m-gap",
    "width: 100%": "m-wide",
    "width: 50%": "m-half",
    "width: 7.5%": "m-edge",
    "padding-top: 0.1667em": "m-drop",
    "border-top: 0.05em solid currentcolor": "m-top",
    "border-bottom: 0.05em solid currentcolor": "m-bottom",
    "border-left: 0.05em solid currentcolor": "m-start",
    "border-right: 0.05em solid currentcolor": "m-end",
    "border-top: 0.05em dashed currentcolor": "m-top m-dash",
    "border-bottom: 0.05em dashed currentcolor": "m-bottom m-dash",
    "border-left: 0.05em dashed currentcolor": "m-start m-dash",
    "border-right: 0.05em dashed currentcolor": "m-end m-dash",
    "font-variant-caps: small-caps": "m-caps",
    "color:#FF0000": "m-red",
    "color:#0000FF": "m-blue",
    "color:#00FF00": "m-green",
    "color:#008000": "m-green",
    "color:#FFA500": "m-orange",
    "color:#FF8000": "m-orange",
    "color:#800080": "m-purple",
    "color:#808080": "m-grey",
}


@lru_cache(maxsize=1024)
def convert(tex: str, *, display: bool) -> str:
    """Return MathML with the LaTeX in an annotation, or its source if it cannot be converted."""
    if not is_allowed(tex):
        return source(tex)
    tagged = _TAG_COMMAND.sub(r"\\qquad(\\text{\1})", tex.strip())
    try:
        mathml = _CONVERTER.convert_with_local_state(tagged, displaystyle=display)
    except LatexError:
        return source(tex)
    before, opening, after = mathml.rpartition(_ANNOTATION)
    ending = after[after.index("</annotation>") :]
    converted = _VECTOR.sub(r"\1→\2", _ELEMENT.sub(_without_style, before))
    return converted + opening + escape(tex.strip(), quote=False) + ending


def source(tex: str) -> str:
    """Return the HTML that shows LaTeX as it was written."""
    return f'<code class="math-src">{escape(tex.strip())}</code>'


def is_allowed(tex: str) -> bool:
    """Whether math-core converts it without harm: macros, length, depth and open brackets count."""
    if len(tex) > limits.MAX_TEX_CHARS or _MACROS.search(tex) or has_many_unclosed(tex):
        return False
    return tex.count("{") + tex.count("\\left") + tex.count("\\begin") <= limits.MAX_TEX_DEPTH or (
        _depth(tex) <= limits.MAX_TEX_DEPTH
    )


def _depth(tex: str) -> int:
    deepest = depth = 0
    for opening, closing in re.findall(r"(\{|\\left|\\begin)|(\}|\\right|\\end)", tex):
        depth += bool(opening) - bool(closing)
        deepest = max(deepest, depth)
    return deepest


def _without_style(match: re.Match[str]) -> str:
    """Map `style` to classes; drop ids, links and all else that is not in the lists."""
    name, attributes, end = match[1], match[2], match[3]
    if name.lstrip("/") == "a":
        return ""
    classes: list[str] = []
    allowed = ""
    for key, value in _ATTRIBUTE.findall(attributes):
        if key == "style":
            styles = (_STYLES.get(part.strip()) for part in value.split(";"))
            classes += [style for style in styles if style]
        elif key == "class":
            classes.append(value)
        elif key in _ALLOWED_ATTRIBUTES:
            allowed += f' {key}="{value}"'
    joined = f' class="{" ".join(classes)}"' if classes else ""
    return f"<{name}{joined}{allowed}{end}>"

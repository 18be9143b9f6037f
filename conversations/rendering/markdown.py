"""Markdown to top-level blocks by comrak, which are not safe before `block_html.py`."""

from __future__ import annotations

import re
import secrets
from functools import lru_cache

import comrak

from conversations.rendering import limits
from conversations.rendering.links import separate, without_separators
from conversations.rendering.raw_blocks import RawBlock, split

FOOTNOTE_KEY = f"fn{secrets.token_hex(8)}-"
"""Prefix of real footnote ids: a new secret in each process, so that no raw HTML can forge one."""

_EXTENSIONS = ("strikethrough", "tasklist", "footnotes", "math_dollars", "cjk_friendly_emphasis")


@lru_cache(maxsize=8)
def _extensions(*, latex: bool, links: bool, tables: bool) -> comrak.ExtensionOptions:
    options = comrak.ExtensionOptions()
    for name in _EXTENSIONS:
        setattr(options, name, True)
    options.math_latex = latex
    options.autolink = links
    options.table = tables
    return options


def _render_options() -> comrak.RenderOptions:
    options = comrak.RenderOptions()
    options.sourcepos = True
    # sanitize.py follows, because comrak's own safe mode would lose text such as vector<int>.
    options.unsafe_ = True
    return options


_ALL_EXTENSIONS = _extensions(latex=True, links=True, tables=True)
_PARSE = comrak.ParseOptions()
_RENDER = _render_options()

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_REFERENCE = re.compile(r'<a href="#(fn-[^"]+)" id="(fnref-[^"]+)" data-footnote-ref>')
_NOTE = re.compile(r'<li data-sourcepos="[^"]*" id="(fn-[^"]+)">')
_BACK = re.compile(r'<a href="#(fnref-[^"]+)" class="footnote-backref" data-[^>]*>')


def clean_text(text: str) -> str:
    r"""Return text with `\n` line ends and no control character or lone surrogate in it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNPRINTABLE.sub("\ufffd", text)


def parse(text: str, *, growing: bool = False) -> list[RawBlock]:
    """Split clean text into top-level blocks; a text beyond the limits is one block of plain text.

    With `growing` the last block says whether it ends in a code block that is not closed.
    """
    size = limits.measure(text)
    if size.is_too_large or limits.has_stacked_markers(text):
        return [RawBlock("", text)]
    extensions = _extensions(
        latex=not size.has_many_latex_delimiters,
        links=not limits.has_many_links(text),
        tables=not size.has_huge_table,
    )
    html = _convert(text, extensions)
    if len(html) > limits.MAX_HTML_GROWTH * (len(text) + 1000):
        return [RawBlock("", text)]
    if "data-footnote-ref>" in html:
        html = _mark_footnotes(html)
    return split(html, text, growing=growing)


def parse_within_limits(text: str, headings: tuple[int, ...]) -> list[RawBlock]:
    """Split growing text that exceeds no limit and defines no footnote, under `headings`.

    A text whose HTML grows too much is one block of plain text, as in `parse`.
    """
    html = _convert(text, _ALL_EXTENSIONS)
    if len(html) > limits.MAX_HTML_GROWTH_OF_PART * (len(text) + 1000):
        return [RawBlock("", text)]
    return split(html, text, growing=True, headings=headings)


def _convert(text: str, extensions: comrak.ExtensionOptions) -> str:
    return without_separators(comrak.render_markdown(separate(text), extensions, _PARSE, _RENDER))


def _mark_footnotes(html: str) -> str:
    """Put our key into the ids that comrak made, and take the id from a second one of the name."""
    seen: set[str] = set()

    def mark(name: str) -> str:
        if name in seen:
            return ""
        seen.add(name)
        return f' id="{FOOTNOTE_KEY}{name}"'

    html = _REFERENCE.sub(lambda m: f'<a href="#{FOOTNOTE_KEY}{m[1]}"{mark(m[2])}>', html)
    html = _NOTE.sub(lambda m: f"<li{mark(m[1])}>", html)
    return _BACK.sub(lambda m: f'<a href="#{FOOTNOTE_KEY}{m[1]}">', html)

"""Text to raw top-level blocks by comrak: split, numbered, not yet safe (see sanitize.py)."""

from __future__ import annotations

import re
import secrets
from functools import lru_cache
from typing import Literal, NamedTuple

import comrak

from conversations.rendering import limits
from conversations.rendering.headings import outline
from conversations.rendering.links import separate, without_separators

FOOTNOTE_KEY = f"fn{secrets.token_hex(8)}-"
"""Prefix of real footnote ids. A fresh secret per process, so raw HTML cannot forge one."""

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
    options.unsafe_ = True  # sanitize.py follows; "safe" mode would lose text such as vector<int>
    return options


_PARSE = comrak.ParseOptions()
_RENDER = _render_options()

_TOP = re.compile(
    r"^<(?:(section)|p|h[1-6]|ul|ol|pre|blockquote|table|hr)\b[^>\n]*?"
    r' data-sourcepos="(\d{1,9}):\d+-(\d{1,9}):\d+"',
    re.MULTILINE,
)
_SOURCEPOS = re.compile(r' data-sourcepos="[^"]*"')
_DETAILS = re.compile(r"<(/?)details(?=[\s>])", re.IGNORECASE)
_PRE = re.compile(r'<pre data-sourcepos="(\d{1,9}):(\d{1,9})-(\d{1,9}):')
_ONLY_ENDS = re.compile(r"(?:\s|</[a-z0-9]+>)*")
_FENCE = re.compile(r"`{3,}|~{3,}")
_CLOSING = re.compile(r"[ \t>]*(`{3,}|~{3,})[ \t]*")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_REFERENCE = re.compile(r'<a href="#(fn-[^"]+)" id="(fnref-[^"]+)" data-footnote-ref>')
_NOTE = re.compile(r'<li data-sourcepos="[^"]*" id="(fn-[^"]+)">')
_BACK = re.compile(r'<a href="#(fnref-[^"]+)" class="footnote-backref" data-[^>]*>')


class RawBlock(NamedTuple):
    """One top-level block: comrak's HTML (empty: show the source) and the source it came from."""

    html: str
    source: str
    unfinished: Literal["", "code", "math"] = ""
    """What the block ends in, while a message is still being written."""


def clean_text(text: str) -> str:
    r"""Return text with `\n` line ends and no control character or lone surrogate in it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNPRINTABLE.sub("\ufffd", text)


def parse(text: str, *, growing: bool = False) -> list[RawBlock]:
    """Split clean text into top-level blocks; a bomb is one block of plain text.

    With `growing` the last block says whether it ends in a code block that is not closed.
    """
    if limits.is_bomb(text):
        return [RawBlock("", text)]
    extensions = _extensions(
        latex=not limits.has_many_latex_delimiters(text),
        links=not limits.has_many_links(text),
        tables=not limits.has_huge_table(text),
    )
    html = comrak.render_markdown(separate(text), extensions, _PARSE, _RENDER)
    html = outline(without_separators(html))
    if len(html) > limits.MAX_HTML_GROWTH * (len(text) + 1000):
        return [RawBlock("", text)]
    if "data-footnote-ref>" in html:
        html = _mark_footnotes(html)
    return _split(html, text, growing=growing)


def _mark_footnotes(html: str) -> str:
    """Give the ids that comrak made our key; the second of two equal ids loses its own."""
    seen: set[str] = set()

    def mark(name: str) -> str:
        if name in seen:
            return ""
        seen.add(name)
        return f' id="{FOOTNOTE_KEY}{name}"'

    html = _REFERENCE.sub(lambda m: f'<a href="#{FOOTNOTE_KEY}{m[1]}"{mark(m[2])}>', html)
    html = _NOTE.sub(lambda m: f"<li{mark(m[1])}>", html)
    return _BACK.sub(lambda m: f'<a href="#{FOOTNOTE_KEY}{m[1]}">', html)


def _split(html: str, text: str, *, growing: bool) -> list[RawBlock]:
    """Cut where a line-start tag begins beyond the source lines of the block before it."""
    cuts: list[tuple[int, int]] = []
    last_line = 0
    body = len(html)
    for match in _TOP.finditer(html):
        start, end = int(match[2]), int(match[3])
        if match[1] or start > last_line:
            cuts.append((match.start(), start))
        if match[1]:  # the footnotes: always last, wherever they were written
            body = match.start()
            break
        last_line = max(last_line, end)
    if not cuts:
        return [RawBlock(html, text)] if html.strip() else []
    cuts[0] = (0, 1)
    lines = text.split("\n")
    is_open = growing and _ends_in_open_code(html[:body], lines)
    blocks = []
    for index, (begin, line) in enumerate(cuts):
        stop, next_line = cuts[index + 1] if index + 1 < len(cuts) else (len(html), len(lines) + 1)
        source = "\n".join(lines[line - 1 : max(line, next_line - 1)])
        blocks.append(RawBlock(html[begin:stop], source))
    blocks = _join_details(blocks)
    if is_open:
        last = -1 if body == len(html) or len(blocks) == 1 else -2
        blocks[last:] = [blocks[last]._replace(unfinished="code"), *blocks[last:][1:]]
    return blocks


def _ends_in_open_code(html: str, lines: list[str]) -> bool:
    """Say whether the last thing in `html` is code whose closing fence has not come."""
    match = _PRE.match(html, max(html.rfind("<pre data-sourcepos="), 0))
    end = html.rfind("</pre>")  # raw HTML may open one and never close it
    if match is None or end < 0 or not _ONLY_ENDS.fullmatch(html, end + 6):
        return False
    first, column, last = (int(match[group]) for group in (1, 2, 3))
    fence = _FENCE.match(lines[first - 1], column - 1) if first <= len(lines) else None
    if fence is None or last <= first or last > len(lines):
        return True
    closing = _CLOSING.fullmatch(lines[last - 1])
    return closing is None or not closing[1].startswith(fence[0])


def _join_details(blocks: list[RawBlock]) -> list[RawBlock]:
    """Glue the blocks of one `<details>`: the sanitizer would close it at the first of them."""
    groups: list[list[RawBlock]] = []
    depth = 0
    for block in blocks:
        if depth > 0:
            groups[-1].append(block)
        else:
            groups.append([block])
        if "details" in block.html:
            depth += sum(-1 if slash else 1 for slash in _DETAILS.findall(block.html))
            depth = max(depth, 0)
    return [group[0] if len(group) == 1 else _joined(group) for group in groups]


def _joined(group: list[RawBlock]) -> RawBlock:
    html = "".join(block.html for block in group)
    return RawBlock(html, "\n".join(block.source for block in group))


def tidy(html: str) -> str:
    """Return a raw block's HTML without positions."""
    return _SOURCEPOS.sub("", html).strip("\n")

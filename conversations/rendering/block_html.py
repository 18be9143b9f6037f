"""One raw block to its final HTML: it is sanitized, then a scan puts in our own trusted parts."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import NamedTuple

from conversations.rendering import limits, links, math
from conversations.rendering.highlight import figure, open_figure
from conversations.rendering.markdown import FOOTNOTE_KEY
from conversations.rendering.raw_blocks import RawBlock
from conversations.rendering.sanitize import clean
from conversations.rendering.tables import wrap_tables

_CODE = r'<pre><code(?: class="language-(?P<lang>[^"]*)")?(?P<math> data-math-style="display")?>'
# A tag is matched with its attributes, so that nothing inside an attribute is replaced.
_PART = re.compile(
    rf"{_CODE}(?P<code>[^<]*)</code></pre>"
    r'|<span data-math-style="(?P<style>inline|display)">(?P<tex>[^<]*)</span>'
    r'|<(?P<tag>a|img|input|section|li|div|span|code)(?P<attributes>(?: [a-z-]+="[^"]*")*)\s*/?>'
    r"|</(?P<end>a)>"
)
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')
_LABEL_END = re.compile(r"\s*</?(?:li|p|ul|ol|br|table|pre|blockquote)\b")
_ANY_TAG = re.compile(r"<[^>]*>")
_PLAIN_CODE = re.compile(rf"{_CODE}(?P<code>[^<]*)</code></pre>")


class CodeBlock(NamedTuple):
    """A block that is nothing but one code block. It needs no sanitizer, because it is text."""

    code: str
    language: str


def as_code(raw: RawBlock) -> CodeBlock | None:
    """Return the code block that `raw` is, or None if it is or has anything else."""
    if not raw.html.startswith("<pre"):
        return None
    match = _PLAIN_CODE.fullmatch(raw.html.strip("\n"))
    if match is None or match["math"]:
        return None
    return CodeBlock(unescape(match["code"]), unescape(match["lang"] or ""))


def render_code(code: CodeBlock, *, unfinished: bool) -> str:
    """Return the figure of a code block, without colours while it is unfinished."""
    return "".join(open_figure(*code)) if unfinished else figure(*code)


def plain(text: str) -> str:
    """Return text that must not be read as Markdown, shown as it is."""
    return f'<pre class="plain">{escape(text, quote=False)}</pre>'


def render_block(raw: RawBlock, *, prefix: str) -> str:
    """Return a block's final HTML. `prefix` goes before its footnote ids."""
    if code := as_code(raw):
        return render_code(code, unfinished=bool(raw.unfinished))
    if not raw.html or limits.is_tangled(raw.html):
        return plain(raw.source)
    html = clean(raw.html.strip("\n"))
    return wrap_tables(_Replacer(prefix, raw.unfinished).run(html)).strip("\n")


class _Replacer:
    """The state of one scan: where the unfinished part begins, and whether a link is open."""

    def __init__(self, prefix: str, unfinished: str) -> None:
        self.prefix = prefix
        self.unfinished = unfinished
        self.unfinished_at = -1
        self.in_link = False

    def run(self, html: str) -> str:
        if self.unfinished:
            group = "tex" if self.unfinished == "math" else "code"
            starts = [m.start() for m in _PART.finditer(html) if m[group] is not None]
            self.unfinished_at = starts[-1] if starts else -1
        return _PART.sub(self._part, html)

    def _part(self, match: re.Match[str]) -> str:
        if match["code"] is not None:
            return self._code(match)
        if match["tex"] is not None:
            return self._formula(match)
        if match["end"]:
            self.in_link = False
            return match[0]
        return self._tag(match)

    def _code(self, match: re.Match[str]) -> str:
        code, language = unescape(match["code"]), unescape(match["lang"] or "")
        if match.start() == self.unfinished_at:
            return "".join(open_figure(code, language))
        return _math(code, "display") if match["math"] else figure(code, language)

    def _formula(self, match: re.Match[str]) -> str:
        if match.start() == self.unfinished_at:
            return f'<span class="math-open math-open--{match["style"]}">{match["tex"]}</span>'
        return _math(unescape(match["tex"]), match["style"])

    def _tag(self, match: re.Match[str]) -> str:
        attributes = {
            key: unescape(value) for key, value in _ATTRIBUTE.findall(match["attributes"])
        }
        match match["tag"]:
            case "a":
                return self._link(attributes)
            case "img":
                return self._image(attributes)
            case "input":
                return _checkbox(match, checked="checked" in attributes)
            case "li" if "id" in attributes:
                return f'<li id="{self._own(attributes["id"])}">'
            case "li" | "section":
                return match[0]
            case tag:
                return f"<{tag}>"

    def _own(self, name: str) -> str:
        return escape(name.replace(FOOTNOTE_KEY, self.prefix))

    def _link(self, attributes: dict[str, str]) -> str:
        self.in_link = True
        url = attributes.get("href", "")
        if url.startswith("#"):
            if "fnref-" in url:
                return f'<a class="fn-back" href="{self._own(url)}">'
            own = f' id="{self._own(attributes["id"])}"' if "id" in attributes else ""
            return f'<a class="fn-ref" href="{self._own(url)}"{own}>'
        return links.open_link(url) if url else "<a>"

    def _image(self, attributes: dict[str, str]) -> str:
        """Return a link, because loading the image would tell its host who reads this, and when."""
        url, alt = attributes.get("src", ""), escape(attributes.get("alt", ""), quote=False)
        host = links.host_of(url) if links.is_safe(url) else ""
        if self.in_link or not host:
            return f'<span class="image-link">{alt}</span>' if alt else ""
        shown = f'<span class="image-link__host">{escape(host)}</span>'
        space = " " if alt else ""
        start = links.open_link(url, extra=' class="image-link"')
        return f"{start}{alt}{space}{shown}</a>"


def _math(tex: str, style: str) -> str:
    if style == "inline":
        return math.convert(tex, display=False)
    return f'<span class="math-block" tabindex="0">{math.convert(tex, display=True)}</span>'


def _checkbox(match: re.Match[str], *, checked: bool) -> str:
    """Return a disabled checkbox with the text of its item as its name."""
    rest = match.string[match.end() : match.end() + 400]
    end = _LABEL_END.search(rest)
    label = unescape(_ANY_TAG.sub("", rest[: end.start()] if end else rest)).strip()[:100]
    state = " checked" if checked else ""
    return f'<input type="checkbox" disabled{state} aria-label="{escape(label)}">'

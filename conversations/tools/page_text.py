"""Extraction of a web page's readable text, in one pass of bounded time."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

_TAG = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9]*+)((?>[^>"']++|"[^"]*+"|'[^']*+')*+)>""", re.DOTALL)
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)
_BEGINS = re.compile(r"</?[a-zA-Z]")
_LONGEST_TAG = 2000
# After so many unclosed tags `<` is text, because the search for each end costs _LONGEST_TAG.
_MOST_BROKEN = 200
_LONGEST_ADDRESS = 500
_SPACE = re.compile(r"\s+")
_LINES = re.compile(r"\n{3,}")
# Contents of these elements are left out. An unclosed one hides the rest of the page only if it
# is in the first set.
_HIDDEN = frozenset({"script", "style", "template"})
_ASIDE = frozenset({"noscript", "svg", "iframe", "nav", "select", "button", "footer", "title"})
_BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "dd", "div", "dl", "dt", "figure",
        "figcaption", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main",
        "ol", "p", "pre", "section", "table", "tr", "ul",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PageText:
    """The title and the text of a page."""

    title: str
    text: str


def read_page(source: str, url: str) -> PageText:
    """Convert HTML to text, with headings, paragraphs, lists and links as in Markdown."""
    writer = _Writer(url)
    for kind, name, value in _events(source):
        writer.take(kind, name, value)
    return PageText(writer.title, writer.text())


def _events(source: str) -> Iterator[tuple[str, str, str]]:
    """Yield ("text", "", text), ("open", tag, attributes), ("close", tag, ""), ("title", "", …)."""
    unclosed: set[str] = set()
    at = broken = 0
    while (start := source.find("<", at)) >= 0:
        if start > at:
            yield "text", "", source[at:start]
        if source.startswith(("<!", "<?"), start):
            at = _after_declaration(source, start)
            continue
        is_tag = broken < _MOST_BROKEN and _BEGINS.match(source, start)
        tag = _TAG.match(source, start, start + _LONGEST_TAG) if is_tag else None
        if tag is None:
            broken += bool(is_tag)
            yield "text", "", "<"
            at = start + 1
            continue
        name, at = tag[2].lower(), tag.end()
        if tag[1]:
            yield "close", name, ""
        elif name in _HIDDEN | _ASIDE and name not in unclosed:
            span = _end_of(name, source, at)
            if span is None:
                unclosed.add(name)
                at = len(source) if name in _HIDDEN else at
            else:
                if name == "title":
                    yield "title", "", source[at : span[0]]
                at = span[1]
        else:
            yield "open", name, tag[3]
    if at < len(source):
        yield "text", "", source[at:]


def _after_declaration(source: str, start: int) -> int:
    """Return the offset after a comment, a doctype or an instruction."""
    close = "-->" if source.startswith("<!--", start) else ">"
    end = source.find(close, start + 2)
    return len(source) if end < 0 else end + len(close)


def _end_of(name: str, source: str, at: int) -> tuple[int, int] | None:
    """Return the start and end of an element's closing tag; None if there is none."""
    close = re.compile(rf"</{name}\b[^>]{{0,100}}>?", re.IGNORECASE).search(source, at)
    return close.span() if close else None


class _Writer:
    """Builds the text from the events of the page."""

    def __init__(self, url: str) -> None:
        self.title = ""
        self._url = url
        self._out: list[str] = []
        self._link: tuple[int, str] | None = None

    def text(self) -> str:
        lines = (line.strip() for line in "".join(self._out).split("\n"))
        return _LINES.sub("\n\n", "\n".join(lines)).strip()

    def take(self, kind: str, name: str, value: str) -> None:
        match kind:
            case "text":
                self._out.append(_SPACE.sub(" ", html.unescape(value)))
            case "title":
                self.title = self.title or " ".join(html.unescape(value).split())[:300]
            case "open":
                self._open(name, value)
            case _:
                self._close(name)

    def _open(self, name: str, attributes: str) -> None:
        if name in _BLOCKS:
            self._out.append("\n- " if name == "li" else "\n" if name == "tr" else "\n\n")
        if len(name) == 2 and name[0] == "h" and name[1] in "123456":
            self._out.append("#" * int(name[1]) + " ")
        elif name == "br":
            self._out.append("\n")
        elif name in {"td", "th"}:
            self._out.append(" | ")
        elif name == "a" and self._link is None and (address := self._address(attributes)):
            self._link = (len(self._out), address)

    def _close(self, name: str) -> None:
        if name == "a" and self._link is not None:
            place, address = self._link
            self._link = None
            said = " ".join("".join(self._out[place:]).split())
            if said:
                self._out[place:] = [f"[{said}]({address})"]
        elif name in _BLOCKS and name not in {"li", "tr"}:
            self._out.append("\n\n")

    def _address(self, attributes: str) -> str:
        match = _HREF.search(attributes)
        written = html.unescape(next(filter(None, match.groups()), "")) if match else ""
        if not written or written.startswith("#") or len(written) > _LONGEST_ADDRESS:
            return ""
        try:
            address = urljoin(self._url, written.strip())
        except ValueError:
            return ""
        return address if address.startswith(("http://", "https://")) else ""

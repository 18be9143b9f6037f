"""Links: which addresses are allowed, and where a bare one ends before Chinese punctuation."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import urlsplit

_END = "，。；：！？、）】》」』”’…　（【《「『“"
_BARE = re.compile(rf'(?<!\]\()(?<![<"\'=])((?:https?://|www\.)[^\s<>{_END}]*)([{_END}])?')
_SEPARATOR = "<\ue000>"
_SEPARATED = re.compile(f"{_SEPARATOR}|&lt;\ue000&gt;|%3C%EE%80%80%3E")
_SAFE_SCHEME = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
REL = "noopener noreferrer nofollow"


def is_safe(url: str) -> bool:
    """Whether a link may point to the address: http, https or mailto, with a host that parses."""
    return _SAFE_SCHEME.match(url) is not None and (
        url[:7].lower() == "mailto:" or host_of(url) != ""
    )


def host_of(url: str) -> str:
    """Return the host of an http address, or nothing."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def open_link(url: str, *, extra: str = "") -> str:
    """Return the start tag of a link to another site; `extra` is trusted attribute text."""
    title = f' title="{escape(host)}"' if (host := host_of(url)) else ""
    return f'<a href="{escape(url)}" rel="{REL}"{title}{extra}>'


def separate(markdown: str) -> str:
    """Put a mark between a bare link and Chinese punctuation, at which comrak ends no link."""
    if "://" not in markdown and "www." not in markdown:
        return markdown
    return _BARE.sub(lambda m: f"{m[1]}{_SEPARATOR}{m[2]}" if m[2] else m[0], markdown)


def without_separators(html: str) -> str:
    """Remove the marks from text, code and attributes."""
    return _SEPARATED.sub("", html) if "\ue000" in html or "%EE%80%80" in html else html

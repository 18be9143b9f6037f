"""Decoding of a response's text by its content type."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor

from conversations.tools.fetch import FetchResponse
from conversations.tools.page_text import PageText, read_page

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_-]{1,40})", re.IGNORECASE)
_HEAD = 2048
_HTML = ("text/html", "application/xhtml+xml")
_TEXTS = ("text/", "application/json", "application/xml", "application/rss+xml")
# Own threads, because asyncio's default ones also run getaddrinfo, which can block.
_readers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="tool-read")


def kind_of(response: FetchResponse, *, otherwise: str = "") -> str:
    """Return the media type without parameters; ``otherwise`` if the server names none."""
    named = response.headers.get("content-type", otherwise)
    return named.partition(";")[0].strip().lower()


def is_html(kind: str) -> bool:
    return kind.startswith(_HTML)


def is_text(kind: str) -> bool:
    return kind.startswith(_TEXTS) or kind.endswith(("+json", "+xml"))


def decoded(response: FetchResponse) -> str:
    """Decode the body by the charset in the header, or in the page's head, or as UTF-8."""
    named = _CHARSET.search(response.headers.get("content-type", ""))
    named = named or _CHARSET.search(response.body[:_HEAD].decode("latin-1"))
    try:
        return response.body.decode(named[1] if named else "utf-8", "replace")
    except LookupError:
        return response.body.decode("utf-8", "replace")


async def page_of(response: FetchResponse) -> PageText:
    """Extract the text of a web page, off the event loop."""
    in_thread = asyncio.get_running_loop().run_in_executor
    return await in_thread(_readers, lambda: read_page(decoded(response), response.url))

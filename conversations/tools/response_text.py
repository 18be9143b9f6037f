"""The text of what a server answered, by what it says that it is."""

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
# Of their own: the loop's default threads also wait for name servers.
_readers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="tool-read")


def kind_of(response: FetchResponse, *, otherwise: str = "") -> str:
    """Its media type without parameters; ``otherwise`` where the server names none."""
    named = response.headers.get("content-type", otherwise)
    return named.partition(";")[0].strip().lower()


def is_html(kind: str) -> bool:
    """Whether it is a web page."""
    return kind.startswith(_HTML)


def is_text(kind: str) -> bool:
    """Whether it can be read as it is."""
    return kind.startswith(_TEXTS) or kind.endswith(("+json", "+xml"))


def decoded(response: FetchResponse) -> str:
    """The text by the charset that the server, or else the page's head, names."""
    named = _CHARSET.search(response.headers.get("content-type", ""))
    named = named or _CHARSET.search(response.body[:_HEAD].decode("latin-1"))
    try:
        return response.body.decode(named[1] if named else "utf-8", "replace")
    except LookupError:
        return response.body.decode("utf-8", "replace")


async def page_of(response: FetchResponse) -> PageText:
    """A web page for reading, off the event loop."""
    in_thread = asyncio.get_running_loop().run_in_executor
    return await in_thread(_readers, lambda: read_page(decoded(response), response.url))

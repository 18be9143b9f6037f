"""The text of an HTTP response for the model: its status, content type and body, bounded."""

from __future__ import annotations

from http import HTTPStatus

from conversations.tools.base import ToolError
from conversations.tools.fetch import FetchResponse, Hop
from conversations.tools.response_text import decoded, is_html, is_text, kind_of, page_of

CHARACTERS = 100_000
_CUT = f"\n[Longer than this: only its first {CHARACTERS} characters are here.]"
# Headers that are never passed on; a response to HEAD consists of the others.
_UNTOLD = frozenset({"set-cookie"})


async def told(response: FetchResponse, last: Hop) -> str:
    """Return the response as text. Raises ToolError with that text for a status of 400 or more."""
    lines = [f"Status: {status_line(response.status)}"]
    if response.redirects:
        lines.append(f"Redirected to: {response.url}")
    lines += _heads(last) if last.method == "HEAD" else await _body(response)
    said = "\n".join(lines)
    if response.status >= 400:
        raise ToolError(f"the server refused the request.\n{said}")
    return said


def status_line(status: int) -> str:
    """Return a status with its standard phrase, if it has one."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _heads(hop: Hop) -> list[str]:
    return [f"{name}: {value}" for name, value in hop.received if name.lower() not in _UNTOLD]


async def _body(response: FetchResponse) -> list[str]:
    kind = kind_of(response)
    lines = [f"Content-Type: {kind[:200]}"] if kind else []
    if not response.body:
        return [*lines, "", "[no content]"]
    text = await readable(response)
    if text is None:
        size = f"more than {len(response.body)}" if response.is_cut else f"{len(response.body)}"
        return [*lines, "", f"[{size} bytes, not text]"]
    is_cut = response.is_cut or len(text) > CHARACTERS
    return [*lines, "", text[:CHARACTERS] + (_CUT if is_cut else "")]


async def readable(response: FetchResponse) -> str | None:
    """Return the body as text, for a web page its readable text; None for other data."""
    if not is_readable(response):
        return None
    if not is_html(kind_of(response)):
        return decoded(response)
    page = await page_of(response)
    return "\n\n".join(filter(None, [f"# {page.title}" if page.title else "", page.text]))


def is_readable(response: FetchResponse) -> bool:
    """Whether the body is text, by its content type or else by its bytes."""
    kind = kind_of(response)
    return is_html(kind) or is_text(kind) or (not kind and _looks_like_text(response.body))


def _looks_like_text(body: bytes) -> bool:
    try:
        return "\x00" not in body.decode()
    except UnicodeDecodeError:
        return False

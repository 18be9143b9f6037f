"""Pictures that an image model's words only link to: a Markdown image, or a bare address."""

from __future__ import annotations

import re

_ADDRESS = r"https?://[^\s<>\"'`)\]]{1,4000}"
_LINKS = re.compile(
    rf"!\[[^\[\]\n]{{0,2000}}\]\([ ]?<?(?P<markdown>{_ADDRESS})>?[^)\n]{{0,500}}\)"
    rf"|^[ \t]*<?(?P<alone>{_ADDRESS})>?[ \t]*$"
    r"|(?<![\w(<\"'])(?P<named>https?://[^\s<>\"'`)\]]{1,2000}\.(?:png|jpe?g|webp|gif)"
    r"(?:\?[^\s<>\"'`)\]]{0,2000})?)(?![\w/])",
    re.IGNORECASE | re.MULTILINE,
)


def split_links(text: str) -> tuple[str, list[str]]:
    """Return the trimmed words without the addresses of pictures, and these, each once.

    Only for what an image model says: elsewhere an address is something to read, and fetching it
    would tell whoever it belongs to what somebody has asked.
    """
    found: dict[str, None] = {}

    def take(match: re.Match[str]) -> str:
        found[next(url for url in match.groups() if url)] = None
        return ""

    return _LINKS.sub(take, text).strip(), list(found)

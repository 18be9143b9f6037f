"""Validation of an HTTP tool's headers: those of the connection cannot be set."""

from __future__ import annotations

import re

MAX_HEADERS = 20
MAX_VALUE = 8 * 1024
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_VALUE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?")
# Headers of the connection, each of which can change where a server thinks a request ends.
_OURS = frozenset(
    {
        "accept-encoding", "connection", "content-length", "expect", "host", "http2-settings",
        "keep-alive", "te", "trailer", "transfer-encoding", "upgrade",
    }
)  # fmt: skip


def problem_of(name: str, value: str) -> str:
    """Return the fault of a header: "name", "ours", "value" or "too_long"; empty if valid."""
    if not _NAME.fullmatch(name):
        return "name"
    if name.lower() in _OURS or name.lower().startswith("proxy-"):
        return "ours"
    if len(value) > MAX_VALUE:
        return "too_long"
    return "" if _VALUE.fullmatch(value) else "value"

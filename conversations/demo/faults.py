"""Faults on request: a message that begins with `error 429` or `错误 429` gets that fault."""

from __future__ import annotations

import re
from enum import StrEnum

from conversations.demo.errors import NO_HEADERS, ApiError

RETRY_AFTER = "5"  # seconds


class Fault(StrEnum):
    """Faults other than an error status."""

    TIMEOUT = "timeout"
    """No byte is ever sent."""
    STALL = "stall"
    """The answer begins, then nothing more comes; the connection stays open."""
    CUT = "cut"
    """The answer begins and ends early: no finish_reason, no [DONE]."""
    DROP = "drop"
    """The answer begins and the connection breaks."""
    INSIDE = "inside"
    """The answer begins, then an error object comes in its place."""
    HTML = "html"
    """A web page instead of an answer."""
    EMPTY = "empty"
    """A complete answer without a word in it."""


_STATUSES: dict[int, tuple[str, str, str]] = {
    400: ("invalid_request_error", "invalid_value", "The request is not valid."),
    401: ("authentication_error", "invalid_api_key", "The API key is not valid."),
    403: ("permission_error", "permission_denied", "The key may not use this model."),
    404: ("invalid_request_error", "model_not_found", "The model does not exist."),
    429: ("rate_limit_error", "rate_limit_exceeded", "Too many requests. Try again later."),
    500: ("server_error", "internal_error", "The server failed."),
    502: ("server_error", "bad_gateway", "The server behind the gateway failed."),
    503: ("server_error", "overloaded", "The server is overloaded. Try again later."),
}
_WORDS = "|".join([*(str(status) for status in _STATUSES), *Fault, "超时"])
_REQUEST = re.compile(
    rf"\W*(?:(?:please|simulate|give me|an?|请|模拟|给我|返回|一个)\s*)*"
    rf"(?:error|错误)\s*[:：]?\s*({_WORDS})(?![0-9a-z])",
    re.IGNORECASE,
)


def requested(question: str) -> ApiError | Fault | None:
    """Return the fault that a message asks for: an HTTP error, a broken answer, or None."""
    match = _REQUEST.match(question[:200])
    if match is None:
        return None
    word = match[1].lower().replace("超时", Fault.TIMEOUT)
    return _status_error(int(word)) if word.isdigit() else Fault(word)


def inside_error() -> dict[str, object]:
    """Return the body of an error that comes with status 200."""
    return _status_error(500).body()


def _status_error(status: int) -> ApiError:
    kind, code, message = _STATUSES[status]
    return ApiError(
        status=status,
        message=f"{message} (Sent by the demo because the message asked for it.)",
        code=code,
        kind=kind,
        headers={"retry-after": RETRY_AFTER} if status == 429 else NO_HEADERS,
    )

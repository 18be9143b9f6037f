"""A record of the bytes of one exchange: taken while it runs, rendered as JSON after its end.

Taking is an append and a comparison, so that no answer waits for it. The JSON holds no key, a
bounded part of the response, and only the beginning of an image's data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from conversations.upstream.failures.masking import MASK, mask_raw
from conversations.upstream.request import encode

MAX_RECEIVED_BYTES = 256 * 1024
MAX_BODY_BYTES = 1024 * 1024
# An image's data is the attachment, and nothing to read here.
_DATA_BEGINNING = 100
_LONG_DATA = re.compile(
    rf'((?:base64,|_json"\s*:\s*")[\w+/=\\%-]{{{_DATA_BEGINNING}}})([\w+/=\\%-]+)', re.ASCII
)
_SECRET_HEADERS = ("authorization", "x-api-key")


@dataclass(slots=True)
class AttemptRecord:
    """One attempt at the request. Times are seconds since the exchange began."""

    body: Mapping[str, object]
    began: float
    _now: Callable[[], float]
    answered: float | None = None
    ended: float | None = None
    status: int | None = None
    error: str = ""
    # Seconds until the next attempt; None for the last one.
    wait: float | None = None
    received: list[bytes] = field(default_factory=list)
    received_bytes: int = 0

    def answer(self, status: int) -> None:
        """Note the status and the time of a response's head."""
        self.answered, self.status = self._now(), status

    def take(self, data: bytes) -> None:
        """Note bytes of the response's body."""
        if self.received_bytes < MAX_RECEIVED_BYTES:
            self.received.append(data)
        self.received_bytes += len(data)

    def end(self, error: str = "") -> None:
        """Note the end; only the first call counts."""
        if self.ended is None:
            self.ended, self.error = self._now(), error


class Recording:
    """The attempts of one exchange, in order; `url` and `headers` are those of the last one."""

    def __init__(self, *, key: str, now: Callable[[], float]) -> None:
        self.attempts: list[AttemptRecord] = []
        self.url = ""
        self.headers: list[tuple[str, str]] = []
        self._key = key
        self._clock = now
        self._start = now()

    def begin(self, body: Mapping[str, object]) -> AttemptRecord:
        """Begin the record of another attempt."""
        record = AttemptRecord(body=body, began=self._now(), _now=self._now)
        self.attempts.append(record)
        return record

    def sent(self, request: httpx.Request) -> None:
        """Note the head of the request, with its key masked."""
        self.url = str(request.url)
        self.headers = [(name, self._header(name, text)) for name, text in request.headers.items()]

    def end(self) -> None:
        """Note the end of the last attempt: nobody reads on."""
        if self.attempts:
            self.attempts[-1].end()

    def account(self, limit: int = MAX_RECEIVED_BYTES) -> dict[str, Any]:
        """Return JSON with at most `limit` bytes of the responses. Takes milliseconds."""
        body = self.attempts[-1].body if self.attempts else {}
        shown = _without_data(body)
        text = encode(shown)
        return {
            "url": self.url,
            "headers": self.headers,
            "parameters": _parameters(body),
            "body": mask_raw(_text(text[:MAX_BODY_BYTES]), self._key),
            "body_bytes": len(text),
            "is_body_cut": len(text) > MAX_BODY_BYTES,
            "is_data_cut": shown != body,
            "trials": self._attempts(limit),
        }

    def _attempts(self, limit: int) -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = []
        for attempt in self.attempts:
            raw = b"".join(attempt.received)
            said = _shortened(_text(raw)).encode("utf-8", "replace")
            kept = said[:limit]
            limit -= len(kept)
            told.append(
                {
                    "began": attempt.began,
                    "answered": attempt.answered,
                    "ended": attempt.ended,
                    "status": attempt.status,
                    "error": attempt.error,
                    "wait": attempt.wait,
                    "has_stream_options": "stream_options" in attempt.body,
                    "received": mask_raw(_text(kept), self._key, with_others=True),
                    "received_bytes": attempt.received_bytes,
                    "kept_bytes": len(raw) if kept == said else len(kept),
                    "told_bytes": len(kept),
                }
            )
        return told

    def _now(self) -> float:
        return self._clock() - self._start

    def _header(self, name: str, text: str) -> str:
        if name not in _SECRET_HEADERS:
            return mask_raw(text, self._key)
        scheme, space, _ = text.rpartition(" ")
        return f"{scheme}{space}{MASK}"


def _parameters(body: Mapping[str, object]) -> dict[str, object]:
    """Return the parameters without the messages, and with the names of the tools alone."""
    told = {name: value for name, value in body.items() if name != "messages"}
    tools = told.get("tools")
    if isinstance(tools, list):
        told["tools"] = [tool.get("function", {}).get("name") for tool in tools]
    return told


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _shortened(text: str) -> str:
    """Shorten each image's data to its beginning and its length."""
    return _LONG_DATA.sub(lambda data: f"{data[1]}… ({len(data[2])} characters)", text)


def _without_data(value: Any) -> Any:
    """Shorten each `data:` URL to its beginning and its length."""
    if isinstance(value, Mapping):
        return {name: _without_data(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_without_data(inner) for inner in value]
    if isinstance(value, str) and value.startswith("data:") and len(value) > 2 * _DATA_BEGINNING:
        return f"{value[:_DATA_BEGINNING]}… ({len(value)} characters)"
    return value

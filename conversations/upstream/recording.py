"""The record of an exchange on the wire, gathered while it runs.

Gathering is an append and a comparison, so that no answer waits for it. The record has no key, a
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
# Of the data of a picture, which is the attachment and not to be read here.
_DATA_BEGINNING = 100
_LONG_DATA = re.compile(
    rf'((?:base64,|_json"\s*:\s*")[\w+/=\\%-]{{{_DATA_BEGINNING}}})([\w+/=\\%-]+)', re.ASCII
)
_SECRET_HEADERS = ("authorization", "x-api-key")


@dataclass(slots=True)
class Trial:
    """One sending of the request. Times are seconds since the exchange began."""

    body: Mapping[str, object]
    began: float
    _now: Callable[[], float]
    answered: float | None = None
    ended: float | None = None
    status: int | None = None
    error: str = ""
    # Until it was sent again; None where it was not.
    wait: float | None = None
    received: list[bytes] = field(default_factory=list)
    received_bytes: int = 0

    def answer(self, status: int) -> None:
        """The head of a response has come."""
        self.answered, self.status = self._now(), status

    def take(self, data: bytes) -> None:
        """Bytes of the body have come."""
        if self.received_bytes < MAX_RECEIVED_BYTES:
            self.received.append(data)
        self.received_bytes += len(data)

    def end(self, error: str = "") -> None:
        """It is over; the first call decides."""
        if self.ended is None:
            self.ended, self.error = self._now(), error


class Recording:
    """The trials of one exchange, in order; `url` and `headers` are what was last sent."""

    def __init__(self, *, key: str, now: Callable[[], float]) -> None:
        self.trials: list[Trial] = []
        self.url = ""
        self.headers: list[tuple[str, str]] = []
        self._key = key
        self._clock = now
        self._start = now()

    def begin(self, body: Mapping[str, object]) -> Trial:
        """Another sending, of this body."""
        trial = Trial(body=body, began=self._now(), _now=self._now)
        self.trials.append(trial)
        return trial

    def sent(self, request: httpx.Request) -> None:
        """The head of the request, as it goes out, but for the key."""
        self.url = str(request.url)
        self.headers = [(name, self._header(name, text)) for name, text in request.headers.items()]

    def end(self) -> None:
        """Nothing more will come: whoever asked is gone, or has all."""
        if self.trials:
            self.trials[-1].end()

    def account(self, limit: int = MAX_RECEIVED_BYTES) -> dict[str, Any]:
        """All of it as JSON, with at most `limit` bytes of what came. Takes milliseconds."""
        body = self.trials[-1].body if self.trials else {}
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
            "trials": self._trials(limit),
        }

    def _trials(self, limit: int) -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = []
        for trial in self.trials:
            raw = b"".join(trial.received)
            said = _shortened(_text(raw)).encode("utf-8", "replace")
            kept = said[:limit]
            limit -= len(kept)
            told.append(
                {
                    "began": trial.began,
                    "answered": trial.answered,
                    "ended": trial.ended,
                    "status": trial.status,
                    "error": trial.error,
                    "wait": trial.wait,
                    "has_stream_options": "stream_options" in trial.body,
                    "received": mask_raw(_text(kept), self._key, with_others=True),
                    "received_bytes": trial.received_bytes,
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
    """All but the messages; of the tools only their names."""
    told = {name: value for name, value in body.items() if name != "messages"}
    tools = told.get("tools")
    if isinstance(tools, list):
        told["tools"] = [tool.get("function", {}).get("name") for tool in tools]
    return told


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _shortened(text: str) -> str:
    """Return the text with only the beginning and the length of each image's data."""
    return _LONG_DATA.sub(lambda data: f"{data[1]}… ({len(data[2])} characters)", text)


def _without_data(value: Any) -> Any:
    """The same, with of each `data:` address only the beginning and how long it is."""
    if isinstance(value, Mapping):
        return {name: _without_data(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_without_data(inner) for inner in value]
    if isinstance(value, str) and value.startswith("data:") and len(value) > 2 * _DATA_BEGINNING:
        return f"{value[:_DATA_BEGINNING]}… ({len(value)} characters)"
    return value

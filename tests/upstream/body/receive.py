"""Parse a body by `Reception` and `Answer`, without a server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from conversations.upstream.answer.answer import Answer
from conversations.upstream.body.outcome import ResponseFacts
from conversations.upstream.body.response_body import Reception
from conversations.upstream.errors import UpstreamError
from conversations.upstream.failures.classify import classify


@dataclass
class Received:
    """The answer, its facts, and its error if any."""

    answer: Answer
    facts: ResponseFacts
    is_complete: bool
    error: UpstreamError | None


def receive(
    pieces: Iterable[bytes], *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Received:
    """Parse a body that arrives in these pieces."""
    reception = Reception(headers or {}, key="sk-test-key")
    answer = Answer()
    if status >= 300:
        error = classify(status, headers or {}, b"".join(pieces), key="sk-test-key")
        return Received(answer, reception.facts, is_complete=False, error=error)
    for piece in pieces:
        for delta in reception.feed(piece):
            answer.add(delta)
        if reception.is_done:
            break
    for delta in reception.end():
        answer.add(delta)
    answer.finish()
    return Received(answer, reception.facts, reception.is_complete, reception.error)


def stream(*payloads: str) -> bytes:
    """Return these payloads as events."""
    return "".join(f"data: {payload}\n\n" for payload in payloads).encode("utf-8", "surrogatepass")

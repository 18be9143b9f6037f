"""The facts of an exchange other than its text."""

from __future__ import annotations

from dataclasses import dataclass

from conversations.upstream.body.chunks import Chunk, Usage


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of an exchange, also while it runs.

    `is_complete`: a finish reason or `[DONE]` was seen. `request_id` is the upstream's header,
    `response_id` the answer's own id. `refused_stream_options`: the upstream answered only once
    they were left out; `refused_tools`: only once it was offered no tools. `bytes_received` counts
    the body of the last attempt.
    """

    finish_reason: str | None = None
    is_complete: bool = False
    usage: Usage | None = None
    request_id: str = ""
    response_id: str = ""
    model: str = ""
    created: int | None = None
    retries: int = 0
    refused_stream_options: bool = False
    refused_tools: bool = False
    bytes_received: int = 0


class ResponseFacts:
    """Gathers what chunks say once, or over and over: the last word wins."""

    def __init__(self) -> None:
        self.finish_reason: str | None = None
        self.usage: Usage | None = None
        self.response_id = ""
        self.model = ""
        self.created: int | None = None

    def take(self, chunk: Chunk) -> None:
        """Note what a chunk says; null says nothing."""
        self.finish_reason = chunk.finish_reason or self.finish_reason
        self.usage = chunk.usage or self.usage
        self.response_id = chunk.id or self.response_id
        self.model = chunk.model or self.model
        self.created = self.created if chunk.created is None else chunk.created

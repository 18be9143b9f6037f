"""Responses of the fake upstream, from JSON events down to single bytes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tests.fakes.http import Connection, Request

_REASONS = {200: "OK", 302: "Found", 401: "Unauthorized", 404: "Not Found", 429: "Slow Down"}


class Reply:
    """A response that is being sent."""

    def __init__(self, connection: Connection, request: Request) -> None:
        self.connection = connection
        self.request = request
        self._chunked = False
        self._started = False

    async def start(
        self,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        *,
        content_type: str = "text/event-stream",
        length: int | None = None,
    ) -> None:
        """Send the head; without a length the body is chunked."""
        fields = {"content-type": content_type, "x-request-id": "req-fake", **(headers or {})}
        self._chunked = length is None
        fields |= (
            {"transfer-encoding": "chunked"} if length is None else {"content-length": str(length)}
        )
        lines = [f"HTTP/1.1 {status} {_REASONS.get(status, 'Status')}"]
        lines += [f"{name}: {value}" for name, value in fields.items() if value]
        self._started = True
        await self.connection.write("\r\n".join([*lines, "", ""]).encode())

    async def send(self, data: bytes) -> None:
        """Send some of the body."""
        if not data:
            return
        framed = b"%x\r\n%s\r\n" % (len(data), data) if self._chunked else data
        await self.connection.write(framed)

    async def event(self, payload: Mapping[str, Any] | str) -> None:
        """Send one `data:` event."""
        text = payload if isinstance(payload, str) else json.dumps(payload)
        await self.send(f"data: {text}\n\n".encode())

    async def delta(self, **delta: Any) -> None:
        """Send a chunk whose delta has these fields."""
        await self.event(self.chunk(delta))

    async def finish(self, reason: str | None = "stop", *, usage: bool = True) -> None:
        """Send the last chunk, usage where it was asked for, and [DONE]."""
        if reason is not None:
            await self.event(self.chunk({}, finish_reason=reason))
        asked = self.request.json.get("stream_options", {}).get("include_usage")
        if usage and asked:
            await self.event({**self.chunk({}), "choices": [], "usage": USAGE})
        await self.event("[DONE]")
        await self.end()

    async def end(self) -> None:
        """End a chunked body."""
        if self._chunked:
            await self.connection.write(b"0\r\n\r\n")

    async def whole(
        self,
        body: bytes,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        *,
        content_type: str = "application/json",
    ) -> None:
        """Send a whole answer."""
        await self.start(status, headers, content_type=content_type, length=len(body))
        await self.send(body)

    async def completion(
        self,
        text: str | None,
        *,
        reasoning: str = "",
        calls: Sequence[Mapping[str, Any]] = (),
        finish: str = "stop",
        usage: bool = True,
    ) -> None:
        """Send a plain completion as documented."""
        message: dict[str, Any] = {"role": "assistant", "content": text}
        if reasoning:
            message["reasoning_content"] = reasoning
        if calls:
            message["tool_calls"] = list(calls)
        choice = {"index": 0, "message": message, "finish_reason": finish}
        document = self._envelope("chat.completion") | {"choices": [choice]}
        if usage:
            document["usage"] = USAGE
        await self.whole(json.dumps(document).encode())

    async def pieces(self, pieces: Iterable[bytes], *, delay: float = 0.002) -> None:
        """Send bytes so that each piece arrives by itself."""
        for piece in pieces:
            await self.send(piece)
            await asyncio.sleep(delay)

    def chunk(self, delta: Mapping[str, Any], finish_reason: str | None = None) -> dict[str, Any]:
        """Return a streamed chunk as documented."""
        choice = {"index": 0, "delta": dict(delta), "finish_reason": finish_reason}
        return self._envelope("chat.completion.chunk") | {"choices": [choice]}

    def _envelope(self, kind: str) -> dict[str, Any]:
        model = self.request.json.get("model", "")
        return {"id": "chatcmpl-fake", "object": kind, "created": 1700000000, "model": model}


USAGE = {"prompt_tokens": 12, "completion_tokens": 10, "total_tokens": 22}

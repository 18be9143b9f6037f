"""The documented responses, as one JSON object and as server-sent events."""

from __future__ import annotations

import base64
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

from conversations.demo.calls import DemoCall
from conversations.demo.request import DemoRequest, JsonObject
from conversations.demo.script import ScriptedAnswer
from conversations.demo.tokens import deltas, estimate

_PIECE_CHARACTERS = 8
DONE = b"data: [DONE]\n\n"


@dataclass(frozen=True)
class Reply:
    """An answer as deltas, ready to send; `created` is in Unix seconds."""

    model: str
    reasoning: list[str]
    content: list[str]
    finish_reason: str
    prompt_tokens: int
    calls: list[DemoCall] = field(default_factory=list)
    picture: bytes = b""
    id: str = field(default_factory=lambda: f"chatcmpl-demo-{secrets.token_hex(12)}")
    created: int = field(default_factory=lambda: int(time.time()))

    @classmethod
    def of(cls, request: DemoRequest, answer: ScriptedAnswer, picture: bytes = b"") -> Reply:
        """Split an answer into deltas, up to the request's `max_tokens`."""
        if answer.calls:
            return cls(
                model=request.model,
                reasoning=[],
                content=[],
                finish_reason="tool_calls",
                prompt_tokens=estimate(turn.text for turn in request.turns),
                calls=answer.calls,
            )
        reasoning, content = deltas(answer.reasoning), deltas(answer.text)
        total = len(reasoning) + len(content)
        limit = total if request.max_tokens is None else request.max_tokens
        return cls(
            model=request.model,
            reasoning=reasoning[:limit],
            content=content[: max(0, limit - len(reasoning))],
            finish_reason="length" if limit < total else "stop",
            prompt_tokens=estimate(turn.text for turn in request.turns),
            picture=picture,
        )

    def usage(self) -> JsonObject:
        """Return the estimated token counts, one token for each delta."""
        called = sum(len(_pieces(call)) for call in self.calls)
        completion = len(self.reasoning) + len(self.content) + called
        return {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": completion,
            "total_tokens": self.prompt_tokens + completion,
            "prompt_tokens_details": {"cached_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": len(self.reasoning)},
        }


def completion(reply: Reply) -> JsonObject:
    """Return the response that is not streamed."""
    message: JsonObject = {"role": "assistant", "content": "".join(reply.content)}
    if reply.calls:
        message |= {"content": None, "tool_calls": [_call(call) for call in reply.calls]}
    if reply.reasoning:
        message["reasoning_content"] = "".join(reply.reasoning)
    if reply.picture:
        message["images"] = [_image(reply.picture)]
    choice = {"index": 0, "message": message, "finish_reason": reply.finish_reason}
    return _envelope(reply, "chat.completion", [choice]) | {"usage": reply.usage()}


def events(reply: Reply, *, include_usage: bool) -> Iterator[bytes]:
    """Yield the streamed response: role, deltas, finish_reason, usage if requested, [DONE]."""
    yield _chunk(reply, {"role": "assistant"})
    for text in reply.reasoning:
        yield _chunk(reply, {"reasoning_content": text})
    for text in reply.content:
        yield _chunk(reply, {"content": text})
    if reply.picture:
        yield _chunk(reply, {"images": [_image(reply.picture)]})
    for index, call in enumerate(reply.calls):
        for place, piece in enumerate(_pieces(call)):
            known = _call(call) if place == 0 else {}
            function = {**known.get("function", {}), "arguments": piece}
            delta = {"index": index, **known, "function": function}
            yield _chunk(reply, {"tool_calls": [delta]})
    yield _chunk(reply, {}, finish_reason=reply.finish_reason)
    if include_usage:
        yield event(_envelope(reply, "chat.completion.chunk", []) | {"usage": reply.usage()})
    yield DONE


def _image(picture: bytes) -> dict[str, Any]:
    url = f"data:image/png;base64,{base64.b64encode(picture).decode()}"
    return {"type": "image_url", "index": 0, "image_url": {"url": url}}


def _call(call: DemoCall) -> dict[str, Any]:
    function = {"name": call.name, "arguments": call.arguments}
    return {"id": call.id, "type": "function", "function": function}


def _pieces(call: DemoCall) -> list[str]:
    """Return the arguments in pieces; the first is empty, because it comes with the name."""
    step = _PIECE_CHARACTERS
    return ["", *(call.arguments[at : at + step] for at in range(0, len(call.arguments), step))]


def event(data: JsonObject) -> bytes:
    """Return one server-sent event."""
    return b"data: " + orjson.dumps(data) + b"\n\n"


def _chunk(reply: Reply, delta: JsonObject, *, finish_reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    return event(_envelope(reply, "chat.completion.chunk", [choice]))


def _envelope(reply: Reply, kind: str, choices: list[JsonObject]) -> JsonObject:
    return {
        "id": reply.id,
        "object": kind,
        "created": reply.created,
        "model": reply.model,
        "choices": choices,
    }

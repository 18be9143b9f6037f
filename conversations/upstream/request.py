"""One chat request, as the document has it: what nobody set is not sent."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson

CHOICES = ("auto", "none", "required")
ToolChoice = str | Mapping[str, object]
"""`auto`, `none`, `required`, or an object that names one function."""


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """A request to the upstream.

    `image` marks a request to an image model, which gets model and messages only. `tool_choice`
    is sent only with `tools`.
    """

    model: str
    messages: Sequence[Mapping[str, object]]
    stream: bool = False
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    image: bool = False
    tools: Sequence[Mapping[str, object]] = ()
    tool_choice: ToolChoice | None = None

    @property
    def is_streamed(self) -> bool:
        """Whether a stream is asked for."""
        return self.stream and not self.image

    @property
    def may_leave_out_tools(self) -> bool:
        """Whether the tools are only on offer: no choice says that one must be called."""
        return bool(self.tools) and self.tool_choice in (None, "auto", "none")

    def body(self, include_usage: bool) -> dict[str, object]:
        """Return the JSON body in the document's order; `include_usage` counts for streams only."""
        body: dict[str, object] = {
            "model": self.model,
            "messages": [dict(message) for message in self.messages],
        }
        if self.image:
            return body
        for name in ("max_tokens", "temperature", "top_p"):
            value = getattr(self, name)
            if value is not None:
                body[name] = value
        if self.stream:
            body["stream"] = True
            if include_usage:
                body["stream_options"] = {"include_usage": True}
        if self.tools:
            body["tools"] = [dict(tool) for tool in self.tools]
            if self.tool_choice is not None:
                body["tool_choice"] = self.tool_choice
        return body


def definition(name: str, description: str, parameters: Mapping[str, object]) -> dict[str, object]:
    """Return a tool as the document defines one; `parameters` is a JSON Schema of an object."""
    function = {"name": name, "description": description, "parameters": dict(parameters)}
    return {"type": "function", "function": function}


def choice_of(name: str) -> dict[str, object]:
    """Return the `tool_choice` that asks for one function."""
    return {"type": "function", "function": {"name": name}}


def encode(body: Mapping[str, object]) -> bytes:
    """Return `body` as JSON; text that UTF-8 cannot hold goes out escaped."""
    try:
        return orjson.dumps(body)
    except TypeError:
        return json.dumps(body).encode()

"""The interface of a tool: a name, a schema and a handler."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

MAX_SECONDS = 30.0

Arguments = Mapping[str, Any]
Handler = Callable[[Arguments], Awaitable[str]]


class ToolError(Exception):
    """A failed call; the message tells the model what is wrong and what would be right."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool. `parameters` is the JSON Schema of an object; `run` may raise `ToolError`.

    `seconds` is the time limit of a call.
    """

    name: str
    description: str
    parameters: Mapping[str, Any]
    run: Handler
    seconds: float = MAX_SECONDS


def schema(
    properties: Mapping[str, Mapping[str, object]], *, required: tuple[str, ...] = ()
) -> dict[str, object]:
    """Return the schema of an object with these properties and no others."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
    }

"""What a tool is: a name, a schema, and something that runs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

MAX_SECONDS = 30.0

Arguments = Mapping[str, Any]
Handler = Callable[[Arguments], Awaitable[str]]


class ToolError(Exception):
    """A call that cannot be done, in words for the model: what is wrong, what would be right."""


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool. `parameters` is a JSON Schema of an object; `run` raises `ToolError`.

    `seconds`: how long a call may take.
    """

    name: str
    description: str
    parameters: Mapping[str, Any]
    run: Handler
    seconds: float = MAX_SECONDS


def schema(
    properties: Mapping[str, Mapping[str, object]], *, required: tuple[str, ...] = ()
) -> dict[str, object]:
    """The schema of an object with these properties and no others."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
    }

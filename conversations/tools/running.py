"""Running of one tool call, within limits. A failure is a result that the model reads."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conversations.tools.base import Tool, ToolError
from conversations.tools.checking import problems_of

MAX_RESULT_BYTES = 1024 * 1024
MAX_ARGUMENT_BYTES = 64 * 1024
_EXCERPT = 500

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ToolResult:
    """The result of a call: the text for the model and the time it took."""

    content: str
    is_failure: bool = False
    seconds: float = 0.0


def failure(words: str) -> ToolResult:
    """Return the result of a call that was refused or failed."""
    return ToolResult(f"Error: {words}", is_failure=True)


def refuse(
    tools: Mapping[str, Tool], name: str, raw: str, arguments: Mapping[str, Any] | None
) -> ToolResult | None:
    """Return the reason why a call cannot run, or None.

    `arguments` is the parsed `raw`, or None if that is not a JSON object.
    """
    tool = tools.get(name)
    if tool is None:
        known = ", ".join(tools) or "none"
        return failure(f'there is no tool named "{name[:_EXCERPT]}". There are: {known}.')
    if len(raw.encode("utf-8", "replace")) > MAX_ARGUMENT_BYTES:
        return failure(f"the arguments are over {MAX_ARGUMENT_BYTES // 1024} KB.")
    if arguments is None:
        return failure(f"the arguments are not a JSON object: {raw[:_EXCERPT]}")
    if problems := problems_of(arguments, tool.parameters):
        words = " ".join(problem.words for problem in problems)
        return failure(f"the arguments do not fit the schema. {words}")
    return None


async def run(tool: Tool, arguments: Mapping[str, Any]) -> ToolResult:
    """Run a checked call within the limits. Raises nothing but CancelledError."""
    started = time.perf_counter()
    result = await _attempt(tool, arguments)
    return ToolResult(
        cut(result.content), result.is_failure, round(time.perf_counter() - started, 3)
    )


def cut(content: str, limit: int = MAX_RESULT_BYTES) -> str:
    """Truncate a result to the limit in bytes, with a note if it was longer."""
    raw = content.encode("utf-8", "replace")
    if len(raw) <= limit:
        return raw.decode()
    return raw[:limit].decode("utf-8", "ignore") + f"\n[cut after {limit} bytes]"


async def _attempt(tool: Tool, arguments: Mapping[str, Any]) -> ToolResult:
    try:
        async with asyncio.timeout(tool.seconds):
            return ToolResult(await tool.run(arguments))
    except ToolError as error:
        return failure(str(error))
    except TimeoutError:
        return failure(f"it took over {tool.seconds:g} seconds.")
    except Exception:
        logger.exception("The tool %s failed for a reason of ours", tool.name)
        return failure("the tool failed.")

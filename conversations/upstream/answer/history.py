"""Messages as an upstream accepts them: calls with their results, whatever was broken off."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from conversations.upstream.answer.parts import (
    ImagePart,
    Part,
    ReasoningPart,
    TextPart,
    ToolCallPart,
    ToolResultPart,
)
from conversations.upstream.answer.tool_calls import read_arguments

Turn = dict[str, Any]

NOT_FINISHED = "Error: this call was broken off before it had a result."
"""The result that the model gets for a call that was stopped, killed or never run."""
MAX_NAME = 64
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9_-]")


def turns_of(parts: Iterable[Part]) -> list[Turn]:
    """Return the messages that an answer consists of: each round's own, then its results.

    An answer without words, calls or pictures has none. The reasoning is not sent back, and of a
    picture only what it was asked for: never its data.
    """
    turns: list[Turn] = []
    for part in parts:
        match part:
            case ReasoningPart():
                continue
            case TextPart(text):
                _said(turns, text)
            case ToolCallPart():
                _called(turns, part)
            case ToolResultPart(call_id, content):
                turns.append({"role": "tool", "tool_call_id": call_id, "content": content})
            case ImagePart(model="", problem=""):
                _said(turns, _noted(part, turns))
    return [turn for turn in turns if not _is_empty(turn)]


def repair(turns: Sequence[Mapping[str, Any]]) -> list[Turn]:
    """Return the turns with exactly one result for every call, right after it, and no empty answer.

    What is whole stays as it is. Results of no call are dropped; a name or arguments that would
    make an upstream refuse the whole conversation are made to fit.
    """
    repaired: list[Turn] = []
    at = 0
    while at < len(turns):
        turn = dict(turns[at])
        at += 1
        if turn.get("role") == "tool" or _is_empty(turn):
            continue
        calls = _distinct(turn.get("tool_calls") or ())
        if not calls:
            turn.pop("tool_calls", None)
            if not _is_empty(turn):
                repaired.append(turn)
            continue
        results: dict[str, Turn] = {}
        while at < len(turns) and turns[at].get("role") == "tool":
            results.setdefault(str(turns[at].get("tool_call_id")), dict(turns[at]))
            at += 1
        repaired.append(turn | {"tool_calls": calls})
        repaired += [results.get(call["id"]) or _unfinished(call["id"]) for call in calls]
    return repaired


def fitting_name(name: str) -> str:
    """Return a name that upstreams accept, in place of one that a model made up."""
    return _NOT_IN_A_NAME.sub("_", name)[:MAX_NAME] or "unknown"


def _said(turns: list[Turn], text: str) -> None:
    """Add words to the round that is open, or begin one."""
    last = turns[-1] if turns else None
    if last is not None and last["role"] == "assistant" and "tool_calls" not in last:
        last["content"] += text
    else:
        turns.append({"role": "assistant", "content": text})


def _noted(image: ImagePart, turns: Sequence[Turn]) -> str:
    """A picture in words; one that a tool made is in that tool's result already."""
    last = turns[-1] if turns else {}
    goes_on = last.get("role") == "assistant" and "tool_calls" not in last and last["content"]
    note = f"[Image: {image.alt}]" if image.alt else "[Image]"
    return f"\n\n{note}" if goes_on else note


def _called(turns: list[Turn], part: ToolCallPart) -> None:
    """Add a call to the round that is open, or begin one."""
    if not turns or turns[-1]["role"] != "assistant":
        turns.append({"role": "assistant", "content": ""})
    last = turns[-1]
    # The document has null where there are no words beside the calls.
    last["content"] = last["content"] or None
    function = {"name": part.name, "arguments": part.arguments}
    call = {"id": part.id, "type": "function", "function": function}
    last.setdefault("tool_calls", []).append(call)


def _is_empty(turn: Mapping[str, Any]) -> bool:
    if turn.get("role") != "assistant" or turn.get("tool_calls"):
        return False
    content = turn.get("content")
    return not content or (isinstance(content, str) and not content.strip())


def _distinct(calls: Iterable[Mapping[str, Any]]) -> list[Turn]:
    """The calls with an id, each id once."""
    found: dict[str, Turn] = {}
    for call in calls:
        if call.get("id"):
            found.setdefault(call["id"], _fitting(call))
    return list(found.values())


def _fitting(call: Mapping[str, Any]) -> Turn:
    """Broken arguments go out as an empty object: the result says what was wrong with them."""
    function = call["function"]
    arguments = function["arguments"]
    is_whole = bool(arguments.strip()) and read_arguments(arguments) is not None
    fitted = {
        "name": fitting_name(function["name"]),
        "arguments": arguments if is_whole else "{}",
    }
    return {**call, "function": {**function, **fitted}}


def _unfinished(call_id: str) -> Turn:
    return {"role": "tool", "tool_call_id": call_id, "content": NOT_FINISHED}

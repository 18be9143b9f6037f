"""The kinds of parts that an answer consists of, and their JSON form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

ResultState = Literal["done", "failed", "denied"]
_STATES: tuple[ResultState, ...] = ("done", "failed", "denied")


@dataclass(frozen=True, slots=True)
class TextPart:
    """A stretch of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningPart:
    """A stretch of the reasoning that led to the answer; `seconds` is its duration, 0 unknown."""

    text: str
    seconds: float = field(default=0.0, compare=False)


@dataclass(frozen=True, slots=True)
class ToolCallPart:
    """A call that the model made; `id` is the only one of its answer, `arguments` as received."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class ToolResultPart:
    """The result of a tool call, as the model gets it; `seconds` is its duration."""

    call_id: str
    content: str
    state: ResultState = "done"
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class ImagePart:
    """A picture, kept by its `digest`; `alt` is what it was asked for, `model` who made it.

    `model` is "" where the model of the answer itself did. Without a digest it could not be kept:
    `problem` is a code that says why, `url` where it lies, if it lies anywhere.
    """

    digest: str = ""
    alt: str = ""
    width: int = 0
    height: int = 0
    model: str = ""
    problem: str = ""
    url: str = ""


StepPart = ToolCallPart | ToolResultPart | ImagePart
"""The parts of an answer other than text and reasoning."""
Part = TextPart | ReasoningPart | StepPart


def to_json(parts: Iterable[Part]) -> list[dict[str, Any]]:
    """Return parts as they are stored, each with its `type`."""
    return [_entry(part) for part in parts]


def from_json(stored: Iterable[Mapping[str, Any]]) -> tuple[Part, ...]:
    """Read parts back; types this version does not know are left out."""
    return tuple(part for entry in stored if (part := _part(entry)) is not None)


def spoken(entries: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Drop empty (type, text) pairs; text after a tool call begins a new paragraph."""
    begun: set[str] = set()
    parted: set[str] = set()
    for kind, text in entries:
        if kind not in {"text", "reasoning"}:
            parted |= begun
        elif text:
            yield kind, f"\n\n{text}" if kind in parted else text
            begun.add(kind)
            parted.discard(kind)


def join(entries: Iterable[tuple[str, str]], kind: str) -> str:
    """Join the text of the pairs of one type."""
    return "".join(text for each, text in spoken(entries) if each == kind)


def seconds_thought(parts: Iterable[Part]) -> float:
    """Return the seconds that the reasoning of an answer took, as far as they are known."""
    return sum(part.seconds for part in parts if isinstance(part, ReasoningPart))


def added(before: Sequence[Part], after: Sequence[Part]) -> tuple[Part, ...]:
    """Return the parts added since; text that continued the last part becomes its own part."""
    at = len(before)
    if not at or len(after) < at or before[-1] == after[at - 1]:
        return tuple(after[at:])
    match before[-1], after[at - 1]:
        case TextPart(old), TextPart(new):
            return (TextPart(new[len(old) :]), *after[at:])
        case ReasoningPart(old), ReasoningPart(new):
            return (ReasoningPart(new[len(old) :]), *after[at:])
    return tuple(after[at:])


def _entry(part: Part) -> dict[str, Any]:
    match part:
        case TextPart(text):
            return {"type": "text", "text": text}
        case ReasoningPart(text, seconds):
            timing = {"seconds": round(seconds, 1)} if seconds else {}
            return {"type": "reasoning", "text": text, **timing}
        case ToolCallPart(id_, name, arguments):
            return {"type": "tool_call", "id": id_, "name": name, "arguments": arguments}
        case ToolResultPart(call_id, content, state, seconds):
            return {
                "type": "tool_result",
                "call_id": call_id,
                "content": content,
                "state": state,
                "seconds": seconds,
            }
        case ImagePart():
            fields = {name: value for name, value in asdict(part).items() if value}
            return {"type": "image", **fields}


def _part(entry: Mapping[str, Any]) -> Part | None:
    read = _READERS.get(entry.get("type", ""))
    try:
        return read(entry) if read is not None else None
    except (KeyError, TypeError, ValueError):
        return None


def _call(entry: Mapping[str, Any]) -> ToolCallPart:
    return ToolCallPart(*(_string(entry[name]) for name in ("id", "name", "arguments")))


def _result(entry: Mapping[str, Any]) -> ToolResultPart:
    state: ResultState = next((each for each in _STATES if each == entry["state"]), "failed")
    return ToolResultPart(
        _string(entry["call_id"]), _string(entry["content"]), state, float(entry["seconds"])
    )


def _image(entry: Mapping[str, Any]) -> ImagePart:
    if not (entry.get("digest") or entry.get("problem")):
        raise KeyError
    return ImagePart(
        digest=_string(entry.get("digest", "")),
        alt=_string(entry.get("alt", "")),
        width=int(entry.get("width", 0)),
        height=int(entry.get("height", 0)),
        model=_string(entry.get("model", "")),
        problem=_string(entry.get("problem", "")),
        url=_string(entry.get("url", "")),
    )


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


_READERS: Mapping[str, Callable[[Mapping[str, Any]], Part]] = {
    "text": lambda entry: TextPart(_string(entry["text"])),
    "reasoning": lambda entry: ReasoningPart(
        _string(entry["text"]), float(entry.get("seconds", 0))
    ),
    "tool_call": _call,
    "tool_result": _result,
    "image": _image,
}

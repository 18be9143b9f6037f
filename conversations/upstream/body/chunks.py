"""One JSON payload of the upstream, a streamed chunk or a whole completion, as a typed value.

Anything a server may leave out, null or misshape is tolerated; what is no JSON raises.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from conversations.upstream.answer.image_fields import ImageSource, bare_image, images_in
from conversations.upstream.answer.text_cleaner import clean
from conversations.upstream.answer.tool_calls import CallPiece, read_pieces
from conversations.upstream.json_text import load

_MAX_NUMBER = 2**53
# More than any model reads or writes in one call, and little enough that the sum of a run's calls
# fits into a database's integer: what is over it is no count.
_MAX_TOKENS = 50_000_000
_MAX_LABEL = 200
# Fields of a streamed chunk and of its delta that hold neither an error nor an image nor a call.
_PLAIN_FIELDS = frozenset(
    {"id", "object", "created", "model", "choices", "usage", "system_fingerprint", "service_tier"}
)
_PLAIN_DELTA = frozenset({"role", "content", "reasoning_content"})


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts as the upstream reports them; None where it is silent."""

    prompt: int | None = None
    completion: int | None = None
    total: int | None = None
    reasoning: int | None = None
    cached: int | None = None


class Chunk(NamedTuple):
    """The content of one payload, for the choice with index 0.

    `text` and `reasoning` are as received: a character may still be cut in two, so they go
    through a `TextCleaner`. `error` is the raw error, whatever its shape.
    """

    text: str = ""
    reasoning: str = ""
    calls: tuple[CallPiece, ...] = ()
    pictures: tuple[ImageSource, ...] = ()
    finish_reason: str | None = None
    usage: Usage | None = None
    error: object = None
    id: str = ""
    model: str = ""
    created: int | None = None
    has_choices: bool = False

    @property
    def is_words(self) -> bool:
        """Whether this is text alone or reasoning alone, which the next chunk may continue."""
        ends = self.finish_reason or self.usage or self.error
        return not (ends or self.calls or self.pictures or (self.text and self.reasoning))

    def continues(self, other: Chunk) -> bool:
        """Whether this differs from `other` in its words only, if both are words."""
        return (
            self.id == other.id
            and self.model == other.model
            and self.created == other.created
            and bool(self.reasoning) == bool(other.reasoning)
        )


def joined(chunks: Sequence[Chunk]) -> Chunk:
    """Return one chunk for neighbours of which each `continues` the one before."""
    if len(chunks) == 1:
        return chunks[0]
    text = "".join([chunk.text for chunk in chunks])
    reasoning = "".join([chunk.reasoning for chunk in chunks])
    return chunks[0]._replace(text=text, reasoning=reasoning)


def parse(payload: str | bytes) -> Chunk:
    """Read one payload; raise `BadJSONError` if it is not JSON. An error in it is a value."""
    document = load(payload)
    if not isinstance(document, dict):
        return Chunk(error=_loose_error(document))
    return _parse_plain(document) or _parse_any(document)


def _parse_plain(document: dict[str, object]) -> Chunk | None:
    """Return the chunk if it has the shape of nearly every chunk of a stream, else None.

    A fast path: it returns what `_parse_any` would, in less than half the time.
    """
    choices = document.get("choices")
    if not isinstance(choices, list) or len(choices) != 1 or not isinstance(choices[0], dict):
        return None
    choice, delta = choices[0], _dict(choices[0].get("delta"))
    if choice.get("index") != 0 or choice.get("finish_reason") or document.get("usage"):
        return None
    if not (delta and _PLAIN_DELTA.issuperset(delta) and _PLAIN_FIELDS.issuperset(document)):
        return None
    text, reasoning = delta.get("content"), delta.get("reasoning_content")
    if not isinstance(text, str | None) or not isinstance(reasoning, str | None):
        return None
    return Chunk(
        text=text or "",
        reasoning=reasoning or "",
        id=_label(document.get("id")),
        model=_label(document.get("model")),
        created=_count(document.get("created")),
        has_choices=True,
    )


def _parse_any(document: dict[str, object]) -> Chunk:
    choice = _first_choice(document.get("choices"))
    message = _message(choice)
    text, reasoning = read_content(message.get("content"))
    pictures = images_in(document, message)
    is_whole = not _dict(choice.get("delta"))
    if is_whole and (bare := bare_image(text)) is not None:
        text, pictures = "", (bare, *pictures)
    return Chunk(
        text=text or _string(message.get("refusal")),
        reasoning=_string(message.get("reasoning_content"))
        or _string(message.get("reasoning"))
        or reasoning,
        calls=read_pieces(message, is_whole=is_whole),
        pictures=pictures,
        finish_reason=_label(choice.get("finish_reason")) or None,
        usage=_usage(document.get("usage")),
        error=_error(document),
        id=_label(document.get("id")),
        model=_label(document.get("model")),
        created=_count(document.get("created")),
        has_choices="choices" in document or bool(pictures),
    )


def read_content(content: object) -> tuple[str, str]:
    """Return (text, reasoning) of a `content` field: a string, a number, or a list of parts."""
    if isinstance(content, list):
        pairs = [_part(part) for part in content]
        return "".join(pair[0] for pair in pairs), "".join(pair[1] for pair in pairs)
    if isinstance(content, dict):
        return _part(content)
    if isinstance(content, int | float) and not isinstance(content, bool):
        return str(content), ""
    return _string(content), ""


def _part(part: object) -> tuple[str, str]:
    """Read one part of a content list: `text`, or `thinking` with parts of its own."""
    if not isinstance(part, dict):
        return _string(part), ""
    thinking = part.get("thinking")
    if isinstance(thinking, list):
        return "", "".join(_string(_dict(inner).get("text")) for inner in thinking)
    if thinking is not None:
        return "", _string(thinking)
    text = part.get("text")
    return _string(text) or _string(_dict(text).get("value")), ""


def _first_choice(choices: object) -> dict[str, object]:
    """Return the choice with index 0; one without an index counts by its position."""
    if isinstance(choices, dict):
        choices = [choices]
    for position, choice in enumerate(choices if isinstance(choices, list) else ()):
        if isinstance(choice, dict):
            index = choice.get("index")
            if (position if index is None else index) in (0, "0"):
                return choice
    return {}


def _message(choice: dict[str, object]) -> dict[str, object]:
    """Return the delta of a chunk or the message of a completion."""
    return _dict(choice.get("delta")) or _dict(choice.get("message"))


def _usage(value: object) -> Usage | None:
    usage = _dict(value)
    if not usage:
        return None
    return Usage(
        prompt=_tokens(usage.get("prompt_tokens")),
        completion=_tokens(usage.get("completion_tokens")),
        total=_tokens(usage.get("total_tokens")),
        reasoning=_tokens(_dict(usage.get("completion_tokens_details")).get("reasoning_tokens")),
        cached=_tokens(_dict(usage.get("prompt_tokens_details")).get("cached_tokens")),
    )


def _error(document: dict[str, object]) -> object:
    """Return the error of a payload, or None: `error`, or a message where choices should be."""
    if document.get("error"):
        return document
    if "choices" not in document and (document.get("detail") or document.get("message")):
        return document
    return None


def _loose_error(document: object) -> object:
    """Return the error of a payload that is no object: a bare string, or a list with an error."""
    if isinstance(document, list) and document and isinstance(document[0], dict):
        return _error(document[0])
    return document if isinstance(document, str) and document.strip() else None


def _dict(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _label(value: object) -> str:
    """Return a short name of the upstream's (id, model, finish reason), or an empty string."""
    return clean(_string(value))[:_MAX_LABEL]


def _tokens(value: object) -> int | None:
    """Return a token count, or None if no call can have taken so many."""
    count = _count(value)
    return count if count is not None and count <= _MAX_TOKENS else None


def _count(value: object) -> int | None:
    """Return a count or a time as a whole number, or None if it is not one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if 0 <= value < _MAX_NUMBER else None

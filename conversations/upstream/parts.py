"""An answer as parts: what the deltas of one generation fold into, and its JSON form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from conversations.upstream.errors import TooLarge
from conversations.upstream.think import ThinkSplitter

MAX_BYTES = 1024 * 1024
"""Per answer, of text and of reasoning each, in UTF-8 (notes/reliability.md § 4)."""

Kind = Literal["text", "reasoning"]


@dataclass(frozen=True, slots=True)
class TextDelta:
    """Some more of the answer's text."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """Some more of the model's reasoning."""

    text: str


@dataclass(frozen=True, slots=True)
class TextPart:
    """A stretch of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningPart:
    """A stretch of the reasoning that led to the answer."""

    text: str


Delta = TextDelta | ReasoningDelta
Part = TextPart | ReasoningPart


def to_json(parts: Iterable[Part]) -> list[dict[str, str]]:
    """Return parts as they are stored: `{"type": "text" or "reasoning", "text": …}`."""
    return [
        {"type": "text" if isinstance(part, TextPart) else "reasoning", "text": part.text}
        for part in parts
    ]


def from_json(stored: Iterable[Mapping[str, object]]) -> tuple[Part, ...]:
    """Read parts back; types this version does not know are left out."""
    parts: list[Part] = []
    for entry in stored:
        text = entry.get("text")
        if entry.get("type") == "text" and isinstance(text, str):
            parts.append(TextPart(text))
        elif entry.get("type") == "reasoning" and isinstance(text, str):
            parts.append(ReasoningPart(text))
    return tuple(parts)


class _Run:
    """Adjacent deltas of one kind; joined only when somebody reads, so adding stays cheap."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self._pieces: list[str] = []

    def add(self, text: str) -> None:
        self._pieces.append(text)

    @property
    def text(self) -> str:
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0] if self._pieces else ""


class Answer:
    """Folds deltas to parts.

    A `<think>` element at the very start of the text is reasoning. The few characters that may
    yet become one of its tags are held back: call `finish` when no more deltas come.
    """

    def __init__(self, parts: Sequence[Part] = (), *, limit: int = MAX_BYTES) -> None:
        self._limit = limit
        self._runs: list[_Run] = []
        self._bytes: dict[Kind, int] = {"text": 0, "reasoning": 0}
        self._splitter = ThinkSplitter(may_open=not parts)
        for part in parts:
            self._append("text" if isinstance(part, TextPart) else "reasoning", part.text)

    def add(self, delta: Delta) -> None:
        """Take one delta; raise `TooLarge` over the limit, with all that fits kept."""
        if isinstance(delta, ReasoningDelta):
            self._append("reasoning", delta.text)
            return
        for kind, text in self._splitter.feed(delta.text):
            self._append(kind, text)

    def finish(self) -> None:
        """Release what was held back; further calls change nothing."""
        for kind, text in self._splitter.flush():
            self._append(kind, text)

    @property
    def text(self) -> str:
        """The whole answer, without the reasoning."""
        return "".join(run.text for run in self._runs if run.kind == "text")

    @property
    def reasoning(self) -> str:
        """The whole reasoning."""
        return "".join(run.text for run in self._runs if run.kind == "reasoning")

    @property
    def parts(self) -> tuple[Part, ...]:
        """Text and reasoning in the order in which they came."""
        return tuple(
            TextPart(run.text) if run.kind == "text" else ReasoningPart(run.text)
            for run in self._runs
        )

    @property
    def is_empty(self) -> bool:
        """Whether neither text nor reasoning has come, white space aside."""
        return not any(run.text.strip() for run in self._runs)

    def _append(self, kind: Kind, text: str) -> None:
        room = self._limit - self._bytes[kind]
        size = len(text.encode())
        if size > room:
            text = text.encode()[:room].decode("utf-8", "ignore")
        if text:
            if not self._runs or self._runs[-1].kind != kind:
                self._runs.append(_Run(kind))
            self._runs[-1].add(text)
            self._bytes[kind] += len(text.encode()) if size > room else size
        if size > room:
            raise TooLarge

"""An answer as parts: what the deltas of one generation fold into."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from conversations.upstream.answer.image_fields import ImageSource
from conversations.upstream.answer.parts import (
    ImagePart,
    Part,
    ReasoningPart,
    StepPart,
    TextPart,
    ToolCallPart,
    ToolResultPart,
    from_json,
    join,
    to_json,
)
from conversations.upstream.answer.think import ThinkSplitter
from conversations.upstream.answer.tool_calls import CallAssembler, CallPiece, with_ids
from conversations.upstream.errors import TooLarge

__all__ = [
    "Answer",
    "Delta",
    "ImageDelta",
    "ImagePart",
    "Part",
    "ReasoningDelta",
    "ReasoningPart",
    "TextDelta",
    "TextPart",
    "ToolCallDelta",
    "ToolCallPart",
    "ToolResultPart",
    "from_json",
    "to_json",
]

MAX_BYTES = 1024 * 1024
"""The most bytes of an answer's text, and of its reasoning, in UTF-8."""

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
class ToolCallDelta:
    """Some more of one call of a tool."""

    piece: CallPiece

    @property
    def text(self) -> str:
        """A call has no words."""
        return ""


@dataclass(frozen=True, slots=True)
class ImageDelta:
    """A whole picture, as the server gave it."""

    source: ImageSource

    @property
    def text(self) -> str:
        """A picture has no words."""
        return ""


Delta = TextDelta | ReasoningDelta | ToolCallDelta | ImageDelta


class _Run:
    """Adjacent deltas of one kind; joined only when somebody reads, so adding stays cheap."""

    def __init__(self, kind: Kind, began: float = 0.0) -> None:
        self.kind = kind
        self.began = began
        # None while it goes on.
        self.seconds: float | None = None
        self._pieces: list[str] = []

    def add(self, text: str) -> None:
        self._pieces.append(text)

    @property
    def text(self) -> str:
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0] if self._pieces else ""

    @property
    def part(self) -> Part:
        if self.kind == "text":
            return TextPart(self.text)
        return ReasoningPart(self.text, self.seconds or 0.0)


class Answer:
    """Folds deltas to parts, round by round: a round that calls tools is followed by another.

    A `<think>` element at the very start of a round's text is reasoning. The few characters that
    may yet become one of its tags are held back: call `finish` when no more deltas come.
    """

    def __init__(
        self,
        parts: Sequence[Part] = (),
        *,
        limit: int = MAX_BYTES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin with ``parts``. Reasoning is timed by ``clock``, from the start of its round."""
        self._limit = limit
        self._clock = clock
        self._round_began: float | None = None
        self._entries: list[_Run | StepPart] = []
        self._bytes: dict[Kind, int] = {"text": 0, "reasoning": 0}
        self._splitter = ThinkSplitter(may_open=not parts)
        self._calls = CallAssembler()
        for part in parts:
            if isinstance(part, TextPart | ReasoningPart):
                self._append("text" if isinstance(part, TextPart) else "reasoning", part.text)
                self._end_thought(part.seconds if isinstance(part, ReasoningPart) else None)
            else:
                self._entries.append(part)
        self._round_began = clock()

    def add(self, delta: Delta) -> None:
        """Take one delta; raise `TooLarge` over the limit, with all that fits kept.

        A picture is left out: it is a part once somebody keeps it (`add_image`).
        """
        if isinstance(delta, ImageDelta):
            return
        if isinstance(delta, ToolCallDelta):
            self._end_thought()
            self._calls.add(delta.piece)
            return
        if isinstance(delta, ReasoningDelta):
            self._append("reasoning", delta.text)
            return
        for kind, text in self._splitter.feed(delta.text):
            self._append(kind, text)

    def finish(self) -> None:
        """Release what was held back; further calls change nothing."""
        for kind, text in self._splitter.flush():
            self._append(kind, text)
        self._end_thought()
        self._entries += self._called()
        self._calls = CallAssembler()

    def begin_round(self) -> None:
        """Go on with what the model says to the results of its calls."""
        self.finish()
        self._round_began = self._clock()
        self._splitter = ThinkSplitter()

    def add_result(self, result: ToolResultPart) -> None:
        """Put down what a call brought. After `finish`."""
        self._entries.append(result)

    def add_image(self, image: ImagePart) -> None:
        """Put down a picture that is kept, or why it is not, after the words so far."""
        for kind, text in self._splitter.flush():
            self._append(kind, text)
        self._end_thought()
        self._entries.append(image)

    def put_arguments(self, call_id: str, arguments: str) -> None:
        """Put other arguments into a call, as a person has allowed it. After `finish`."""
        self._entries = [
            ToolCallPart(entry.id, entry.name, arguments)
            if isinstance(entry, ToolCallPart) and entry.id == call_id
            else entry
            for entry in self._entries
        ]

    @property
    def open_calls(self) -> tuple[ToolCallPart, ...]:
        """The calls without a result, in their order. After `finish`."""
        answered = {entry.call_id for entry in self._entries if isinstance(entry, ToolResultPart)}
        calls = [entry for entry in self._entries if isinstance(entry, ToolCallPart)]
        return tuple(call for call in calls if call.id not in answered)

    @property
    def text(self) -> str:
        """The whole answer, without the reasoning; each round's words are a paragraph."""
        return join(self._spoken(), "text")

    @property
    def reasoning(self) -> str:
        """The whole reasoning."""
        return join(self._spoken(), "reasoning")

    @property
    def parts(self) -> tuple[Part, ...]:
        """All parts in the order in which they came; the calls of a round after its words."""
        said = (entry.part if isinstance(entry, _Run) else entry for entry in self._entries)
        return (*said, *self._called())

    @property
    def step_parts(self) -> tuple[StepPart, ...]:
        """The calls, results and pictures alone, with the calls that are still being written."""
        kept = [entry for entry in self._entries if not isinstance(entry, _Run)]
        return (*kept, *self._called())

    @property
    def step_mark(self) -> tuple[int, int]:
        """A number that changes with each call that begins or ends, each result and each image."""
        kept = sum(not isinstance(entry, _Run) for entry in self._entries)
        return kept, len(self._calls)

    @property
    def images(self) -> tuple[ImagePart, ...]:
        """The pictures so far."""
        return tuple(entry for entry in self._entries if isinstance(entry, ImagePart))

    @property
    def is_empty(self) -> bool:
        """Whether neither text nor reasoning has come, white space aside."""
        return not any(isinstance(run, _Run) and run.text.strip() for run in self._entries)

    @property
    def thinking_since(self) -> float | None:
        """The time by the answer's clock at which the present reasoning began; None without one."""
        last = self._entries[-1] if self._entries else None
        if not isinstance(last, _Run) or last.kind != "reasoning" or last.seconds is not None:
            return None
        return last.began

    @property
    def is_writing(self) -> bool:
        """Whether the last thing that came is text."""
        last = self._entries[-1] if self._entries else None
        return isinstance(last, _Run) and last.kind == "text" and not len(self._calls)

    @property
    def seconds_thought(self) -> float:
        """The seconds of the reasoning that has ended."""
        runs = (entry for entry in self._entries if isinstance(entry, _Run))
        return sum(run.seconds or 0.0 for run in runs)

    def _end_thought(self, seconds: float | None = None) -> None:
        last = self._entries[-1] if self._entries else None
        if isinstance(last, _Run) and last.kind == "reasoning" and last.seconds is None:
            timed = max(round(self._clock() - last.began, 1), 0.1)
            last.seconds = timed if seconds is None else seconds

    def _called(self) -> list[ToolCallPart]:
        """The calls of this round so far."""
        taken = [entry.id for entry in self._entries if isinstance(entry, ToolCallPart)]
        calls = with_ids(self._calls.calls, taken)
        return [ToolCallPart(call.id, call.name, call.arguments) for call in calls]

    def _spoken(self) -> list[tuple[str, str]]:
        return [
            (entry.kind, entry.text) if isinstance(entry, _Run) else ("step", "")
            for entry in self._entries
        ]

    def _append(self, kind: Kind, text: str) -> None:
        room = self._limit - self._bytes[kind]
        size = len(text.encode())
        if size > room:
            text = text.encode()[:room].decode("utf-8", "ignore")
        if text:
            last = self._entries[-1] if self._entries else None
            if not isinstance(last, _Run) or last.kind != kind:
                self._end_thought()
                began, self._round_began = self._round_began, None
                last = _Run(kind, self._clock() if began is None else began)
                self._entries.append(last)
            last.add(text)
            self._bytes[kind] += len(text.encode()) if size > room else size
        if size > room:
            raise TooLarge

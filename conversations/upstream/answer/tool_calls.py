"""Calls of tools: read from a chunk in pieces, and put together however they were cut."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

import orjson

from conversations.upstream.answer.text_cleaner import TextCleaner, clean
from conversations.upstream.errors import TooLarge

MAX_BYTES = 1024 * 1024
"""The limit counts the bytes of all arguments of an answer, in UTF-8."""
MAX_CALLS = 128
"""Calls of one round that are told apart at all; far more than are ever run."""
_MAX_LABEL = 200
_LONGEST_NUMBER = 9


@dataclass(frozen=True, slots=True)
class CallPiece:
    """Some of one call. `index` is None where the server sends none."""

    index: int | None = None
    id: str = ""
    name: str = ""
    arguments: str = ""


@dataclass(frozen=True, slots=True)
class AssembledCall:
    """One call as the model made it; `arguments` is meant to be a JSON object."""

    id: str
    name: str
    arguments: str


def read_pieces(message: dict[str, object], *, is_whole: bool) -> tuple[CallPiece, ...]:
    """Read the calls of a delta, or of a whole message, where each stands for itself.

    The older `function_call` counts only where there are no `tool_calls`: some servers send both.
    """
    calls = message.get("tool_calls")
    if isinstance(calls, dict):
        calls = [calls]
    found = [
        _piece(call, position if is_whole else None)
        for position, call in enumerate(calls if isinstance(calls, list) else ())
        if isinstance(call, dict)
    ]
    legacy = message.get("function_call")
    if not found and isinstance(legacy, dict):
        found = [_piece({"index": 0, "function": legacy}, 0)]
    return tuple(found)


def _piece(call: dict[str, object], position: int | None) -> CallPiece:
    function = call.get("function")
    named = function if isinstance(function, dict) else call
    index = _index(call.get("index")) if position is None else position
    return CallPiece(
        index, _label(call.get("id")), _label(named.get("name")), _arguments(named.get("arguments"))
    )


def _arguments(value: object) -> str:
    """Return arguments as JSON: some servers send the object itself."""
    if isinstance(value, str) or value is None:
        return value or ""
    return orjson.dumps(value).decode()


def _index(value: object) -> int | None:
    if isinstance(value, str) and re.fullmatch(rf"[0-9]{{1,{_LONGEST_NUMBER}}}", value):
        return int(value)
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return cast("int", value) if is_number else None


def _label(value: object) -> str:
    return clean(value)[:_MAX_LABEL] if isinstance(value, str) else ""


class _Open:
    """One call that is being put together."""

    def __init__(self, piece: CallPiece) -> None:
        self.index = piece.index
        self.id = ""
        self.name = ""
        self._pieces: list[str] = []
        self._cleaner = TextCleaner()

    @property
    def arguments(self) -> str:
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0] if self._pieces else ""

    def is_continued_by(self, piece: CallPiece) -> bool:
        """Whether a piece that may belong here does: another id, or name, begins another call."""
        if piece.id and self.id and piece.id != self.id:
            return False
        is_renamed = bool(piece.name) and piece.name != self.name
        return not (is_renamed and bool(self._pieces))

    def add(self, piece: CallPiece) -> None:
        self.id = self.id or piece.id
        if piece.name != self.name:
            # Until the arguments begin, the name itself may come in pieces.
            self.name = (self.name + piece.name)[:_MAX_LABEL]
        if text := self._cleaner.feed(piece.arguments):
            self._pieces.append(text)


class CallAssembler:
    """Puts the calls of one round together: several at once, interleaved, with what is repeated."""

    def __init__(self, *, limit: int = MAX_BYTES) -> None:
        self._calls: list[_Open] = []
        self._room = limit

    def add(self, piece: CallPiece) -> None:
        """Take one piece; raise `TooLarge` over the limits."""
        call = self._find(piece)
        if call is None:
            if len(self._calls) >= MAX_CALLS:
                raise TooLarge
            call = _Open(piece)
            self._calls.append(call)
        self._room -= len(piece.arguments.encode("utf-8", "replace"))
        if self._room < 0:
            raise TooLarge
        call.add(piece)

    def __len__(self) -> int:
        return len(self._calls)

    @property
    def calls(self) -> tuple[AssembledCall, ...]:
        """The calls so far, in the order in which they began."""
        return tuple(AssembledCall(call.id, call.name, call.arguments) for call in self._calls)

    def _find(self, piece: CallPiece) -> _Open | None:
        """The newest call that it belongs to: by its index, else by its id, else the last."""
        if piece.index is not None:
            at = [call for call in self._calls if call.index == piece.index]
        elif piece.id:
            at = [call for call in self._calls if call.id == piece.id]
        else:
            at = self._calls
        return at[-1] if at and at[-1].is_continued_by(piece) else None


def with_ids(calls: Iterable[AssembledCall], taken: Iterable[str]) -> tuple[AssembledCall, ...]:
    """Give each call an id of its own: results are told apart by it, and some servers send none."""
    known = set(taken)
    named: list[AssembledCall] = []
    for call in calls:
        wanted = call.id or f"call_{len(known) + 1}"
        key, number = wanted, 2
        while key in known:
            key, number = f"{wanted}-{number}", number + 1
        known.add(key)
        named.append(AssembledCall(key, call.name, call.arguments))
    return tuple(named)


def read_arguments(arguments: str) -> dict[str, object] | None:
    """The arguments as an object, none at all as an empty one; None where they are broken."""
    if not arguments.strip():
        return {}
    try:
        value = json.loads(arguments, strict=False)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None

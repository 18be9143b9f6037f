"""What we send down the socket: docs/protocol.md says what each frame means."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

VERSION = 1
# A client that hears nothing for this long, in seconds, reconnects: two heartbeats and some.
SILENCE = 45
HEARTBEAT_INTERVAL = 20


def hello() -> str:
    """The first frame, and the sign to start over after frames were dropped."""
    return _encode({"t": "hello", "v": VERSION, "silence": SILENCE})


def snapshot(
    *,
    conversation: uuid.UUID,
    message: uuid.UUID,
    generation: uuid.UUID,
    sequence: int,
    blocks: Sequence[str],
    reasoning: str,
    steps: int,
) -> str:
    """Everything of an answer that is on its way."""
    return _encode(
        {
            "t": "snapshot",
            "c": conversation,
            "m": message,
            "g": generation,
            "s": sequence,
            "status": "running",
            "blocks": list(blocks),
            "reasoning": reasoning,
            "steps": steps,
        }
    )


def patch(*, generation: uuid.UUID, sequence: int, ops: Sequence[object]) -> str:
    """The next changes of an answer."""
    return _encode({"t": "patch", "g": generation, "s": sequence, "ops": ops})


def status(
    *,
    conversation: uuid.UUID,
    message: uuid.UUID,
    generation: uuid.UUID,
    status: str,
    retry_in: float | None = None,
) -> str:
    """A run has begun, or waits ``retry_in`` seconds before it asks again."""
    frame: dict[str, Any] = {
        "t": "status",
        "c": conversation,
        "m": message,
        "g": generation,
        "status": status,
    }
    if retry_in is not None:
        frame["retry_in"] = round(retry_in, 1)
    return _encode(frame)


def final(
    *,
    conversation: uuid.UUID,
    message: uuid.UUID,
    generation: uuid.UUID,
    sequence: int,
    status: str,
) -> str:
    """A run has ended, and the database holds it."""
    return _encode(
        {
            "t": "final",
            "c": conversation,
            "m": message,
            "g": generation,
            "s": sequence,
            "status": status,
        }
    )


def branch(*, conversation: uuid.UUID, leaf: uuid.UUID | None, revision: int) -> str:
    """The branch that the conversation shows ends with ``leaf``, after so many changes."""
    return _encode({"t": "branch", "c": conversation, "leaf": leaf, "revision": revision})


def conversation(
    *,
    conversation: uuid.UUID,
    title: str,
    active_at: datetime,
    answering: bool,
    waiting: bool,
    unread: bool,
    folder: uuid.UUID | None,
    pinned_at: datetime | None,
    archived: bool,
    deleted: bool,
) -> str:
    """A conversation as the sidebar shows it."""
    return _encode(
        {
            "t": "conversation",
            "id": conversation,
            "title": title,
            "active_at": active_at,
            "answering": answering,
            "waiting": waiting,
            "unread": unread,
            "folder": folder,
            "pinned_at": pinned_at,
            "archived": archived,
            "deleted": deleted,
        }
    )


def conversations() -> str:
    """So many conversations changed that the list is better read again."""
    return _encode({"t": "conversations"})


def folders() -> str:
    """The person's folders changed: their names, their order, or which there are."""
    return _encode({"t": "folders"})


def heartbeat(live: Mapping[uuid.UUID, int]) -> str:
    """A sign of life with the last number of each answer on its way."""
    return _encode({"t": "heartbeat", "live": {str(key): value for key, value in live.items()}})


def error(code: str) -> str:
    """What the client sent could not be used."""
    return _encode({"t": "error", "code": code})


def _encode(frame: Mapping[str, object]) -> str:
    return orjson.dumps(frame).decode()

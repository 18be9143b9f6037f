"""The frames that are sent down the socket, each as JSON; docs/protocol.md has their meaning."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

VERSION = 1
# Seconds without a frame after which a client reconnects: two heartbeats and some.
SILENCE = 45
HEARTBEAT_INTERVAL = 20


def hello() -> str:
    """The first frame, which is also the sign to start over after frames were dropped."""
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
    """All of an answer that is being produced."""
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
    """The start of a run, or its wait of ``retry_in`` seconds before it sends again."""
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
    """The end of a run, which the database holds."""
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
    """The end of the shown branch, ``leaf``, after ``revision`` changes of the tree."""
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
    """A conversation's row in the sidebar."""
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
    """A change of so many conversations that the list must be fetched again."""
    return _encode({"t": "conversations"})


def folders() -> str:
    """A change of the user's folders: their names, their order or their number."""
    return _encode({"t": "folders"})


def heartbeat(live: Mapping[uuid.UUID, int]) -> str:
    """A sign of life with the last frame's number of each answer."""
    return _encode({"t": "heartbeat", "live": {str(key): value for key, value in live.items()}})


def error(code: str) -> str:
    """The refusal of a frame that the client sent."""
    return _encode({"t": "error", "code": code})


def _encode(frame: Mapping[str, object]) -> str:
    return orjson.dumps(frame).decode()

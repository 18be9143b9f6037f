"""The registry of open sockets, and of the answers that this process is producing.

Only the loop's thread changes anything here. Other threads read single values (``view``) or hand
over a coroutine by ``loop.spawn``. Frames reach the sockets of this process only.
"""

from __future__ import annotations

import logging
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from conversations.generation.live import frames
from conversations.upstream.answer.parts import StepPart

logger = logging.getLogger(__name__)


class Watcher(Protocol):
    """The hub's view of a socket."""

    user_id: uuid.UUID
    session_key: str
    conversation_id: uuid.UUID | None

    async def deliver(self, frame: str) -> None:
        """Send one frame. Never suspends; does nothing once the socket is closed."""

    async def dismiss(self, code: int) -> None:
        """Close the socket."""


@dataclass(frozen=True, slots=True)
class LiveView:
    """The rendered answer at one moment: replaced whole, so that any thread may read it."""

    sequence: int = 0
    blocks: tuple[str, ...] = ()
    reasoning: str = ""
    # The tool calls, results and images so far, and the number of changes to them.
    steps: tuple[StepPart, ...] = ()
    changes_of_steps: int = 0
    # Reasoning that has ended, and the start of the present one by time.monotonic().
    seconds_thought: float = 0.0
    thinking_since: float | None = None
    # Whether the last thing that came is text.
    is_writing: bool = False


@dataclass(slots=True)
class LiveAnswer:
    """An answer that this process is producing."""

    generation: uuid.UUID
    message: uuid.UUID
    conversation: uuid.UUID
    view: LiveView = field(default_factory=LiveView)

    def snapshot(self) -> str:
        """Return the whole answer as a frame."""
        return frames.snapshot(
            conversation=self.conversation,
            message=self.message,
            generation=self.generation,
            sequence=self.view.sequence,
            blocks=self.view.blocks,
            reasoning=self.view.reasoning,
            steps=self.view.changes_of_steps,
        )

    def running(self, retry_in: float | None = None) -> str:
        """Return the frame about the start of the run, or about a wait before it sends again."""
        return frames.status(
            conversation=self.conversation,
            message=self.message,
            generation=self.generation,
            status="running",
            retry_in=retry_in,
        )

    def final(self, status: str) -> str:
        """Return the frame about the end of the run, which the database holds by then."""
        return frames.final(
            conversation=self.conversation,
            message=self.message,
            generation=self.generation,
            sequence=self.view.sequence,
            status=status,
        )


_sockets: defaultdict[uuid.UUID, set[Watcher]] = defaultdict(set)
_watchers: defaultdict[uuid.UUID, set[Watcher]] = defaultdict(set)
_live: dict[uuid.UUID, LiveAnswer] = {}


def join(watcher: Watcher) -> None:
    """Add an accepted socket to those of its user."""
    _sockets[watcher.user_id].add(watcher)


def leave(watcher: Watcher) -> None:
    """Forget a socket and its subscription."""
    unwatch(watcher)
    _discard(_sockets, watcher.user_id, watcher)


def sockets() -> list[Watcher]:
    """Return every open socket."""
    return [watcher for watchers in _sockets.values() for watcher in watchers]


def count_sockets(user_id: uuid.UUID) -> int:
    """Return the number of open sockets of a user."""
    return len(_sockets.get(user_id, ()))


def watch(watcher: Watcher, conversation_id: uuid.UUID) -> list[LiveAnswer]:
    """Register for a conversation's frames; return its answers as of this very moment."""
    watcher.conversation_id = conversation_id
    _watchers[conversation_id].add(watcher)
    return live_in(conversation_id)


def unwatch(watcher: Watcher) -> None:
    """End the subscription that ``watch`` began, if there is one."""
    if watcher.conversation_id is not None:
        _discard(_watchers, watcher.conversation_id, watcher)
        watcher.conversation_id = None


def is_watched(conversation_id: uuid.UUID) -> bool:
    """Whether a page of a conversation is open. In the loop's thread."""
    return conversation_id in _watchers


def live_in(conversation_id: uuid.UUID) -> list[LiveAnswer]:
    """Return the answers of a conversation that are being produced."""
    return [answer for answer in _live.values() if answer.conversation == conversation_id]


def view(generation_id: uuid.UUID) -> LiveView | None:
    """Return an answer as it is now; None when it is not produced here. From any thread."""
    answer = _live.get(generation_id)
    return answer.view if answer else None


def open_answer(answer: LiveAnswer) -> None:
    """Make an answer visible to everyone who subscribes from now on."""
    _live[answer.generation] = answer


def close_answer(generation_id: uuid.UUID) -> None:
    """Forget an answer: it is in the database now, or another process has its lease."""
    _live.pop(generation_id, None)


async def publish(conversation_id: uuid.UUID, frame: str) -> None:
    """Send a frame to all watchers of a conversation."""
    await deliver(_watchers.get(conversation_id, ()), frame)


async def tell(user_id: uuid.UUID, frame: str) -> None:
    """Send a frame to every socket of a user."""
    await deliver(_sockets.get(user_id, ()), frame)


async def deliver(watchers: Iterable[Watcher], frame: str) -> None:
    """Send a frame to some sockets; one that fails does not keep it from the others."""
    for watcher in list(watchers):
        try:
            await watcher.deliver(frame)
        except Exception:
            logger.exception("A socket could not be written to")


def _discard(index: defaultdict[uuid.UUID, set[Watcher]], key: uuid.UUID, watcher: Watcher) -> None:
    watchers = index.get(key)
    if watchers is None:
        return
    watchers.discard(watcher)
    if not watchers:
        del index[key]

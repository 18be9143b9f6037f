"""Who in this process watches what: sockets, and the answers on their way.

Only the loop's thread changes anything here. Other threads read single values (``view``) or hand
a coroutine over through loop.spawn. The hub's frames go to sockets of this process only; several
processes will meet behind ``publish`` and ``tell`` (docs/architecture.md).
"""

from __future__ import annotations

import logging
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from conversations.generation.live import frames
from conversations.upstream.answer.parts import StepPart

logger = logging.getLogger(__name__)


class Watcher(Protocol):
    """A socket, as the hub sees it."""

    user_id: uuid.UUID
    session_key: str
    conversation_id: uuid.UUID | None

    async def deliver(self, frame: str) -> None:
        """Send one frame. Never suspends; silent once the socket has gone."""

    async def dismiss(self, code: int) -> None:
        """Close the socket."""


@dataclass(frozen=True, slots=True)
class LiveView:
    """What an answer shows at one moment: replaced whole, so that any thread may read it."""

    sequence: int = 0
    blocks: tuple[str, ...] = ()
    reasoning: str = ""
    # The calls of tools so far, and how often they have changed.
    steps: tuple[StepPart, ...] = ()
    changes_of_steps: int = 0


@dataclass(slots=True)
class LiveAnswer:
    """An answer on its way in this process."""

    generation: uuid.UUID
    message: uuid.UUID
    conversation: uuid.UUID
    user: uuid.UUID
    view: LiveView

    def snapshot(self) -> str:
        """Everything of it, as a frame."""
        return frames.snapshot(
            conversation=self.conversation,
            message=self.message,
            generation=self.generation,
            sequence=self.view.sequence,
            blocks=self.view.blocks,
            reasoning=self.view.reasoning,
            steps=self.view.changes_of_steps,
        )


_sockets: defaultdict[uuid.UUID, set[Watcher]] = defaultdict(set)
_watchers: defaultdict[uuid.UUID, set[Watcher]] = defaultdict(set)
_live: dict[uuid.UUID, LiveAnswer] = {}


def join(watcher: Watcher) -> None:
    """Count an accepted socket among its person's."""
    _sockets[watcher.user_id].add(watcher)


def leave(watcher: Watcher) -> None:
    """Forget a socket, whatever it watched."""
    unwatch(watcher)
    _discard(_sockets, watcher.user_id, watcher)


def sockets() -> list[Watcher]:
    """Every open socket."""
    return [watcher for watchers in _sockets.values() for watcher in watchers]


def count_sockets(user_id: uuid.UUID) -> int:
    """How many sockets a person has open."""
    return len(_sockets.get(user_id, ()))


def watch(watcher: Watcher, conversation_id: uuid.UUID) -> list[LiveAnswer]:
    """Register for a conversation's frames; its answers on their way, as of this very moment."""
    watcher.conversation_id = conversation_id
    _watchers[conversation_id].add(watcher)
    return live_in(conversation_id)


def unwatch(watcher: Watcher) -> None:
    """End what ``watch`` began, if anything."""
    if watcher.conversation_id is not None:
        _discard(_watchers, watcher.conversation_id, watcher)
        watcher.conversation_id = None


def is_watched(conversation_id: uuid.UUID) -> bool:
    """Whether a page of a conversation is open. In the loop's thread."""
    return conversation_id in _watchers


def live_in(conversation_id: uuid.UUID) -> list[LiveAnswer]:
    """The answers on their way in a conversation."""
    return [answer for answer in _live.values() if answer.conversation == conversation_id]


def view(generation_id: uuid.UUID) -> LiveView | None:
    """What an answer shows now; None when it is not on its way here. For any thread."""
    answer = _live.get(generation_id)
    return answer.view if answer else None


def open_answer(answer: LiveAnswer) -> None:
    """Make an answer visible to whoever subscribes from now on."""
    _live[answer.generation] = answer


def close_answer(generation_id: uuid.UUID) -> None:
    """The answer is in the database now, or belongs to another process."""
    _live.pop(generation_id, None)


async def publish(conversation_id: uuid.UUID, frame: str) -> None:
    """Send a frame to everybody who watches a conversation."""
    await deliver(_watchers.get(conversation_id, ()), frame)


async def tell(user_id: uuid.UUID, frame: str) -> None:
    """Send a frame to every socket of a person."""
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

"""One run as this process knows it: what it is to do, how far it is, and how it is stopped."""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from conversations.generation.live import hub
from conversations.generation.records import outcome_columns
from conversations.generation.records.approvals import Decision
from conversations.models import Generation
from conversations.tools.base import Tool
from conversations.upstream.answer.answer import Answer, ToolCallPart
from conversations.upstream.body.outcome import Outcome
from conversations.upstream.endpoint import Endpoint
from conversations.upstream.recording import Recording
from conversations.upstream.request import ChatRequest


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What a run is to do: what is asked at first, where, and the tools it may use."""

    request: ChatRequest
    endpoint: Endpoint
    tools: Mapping[str, Tool]
    # Tools about which a person is asked first, and what was answered about calls of this message.
    held: frozenset[str] = frozenset()
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    # What the person has asked.
    question: str = ""


@dataclass(slots=True)
class ApiCall:
    """One call to the upstream, until it is written down."""

    request: ChatRequest
    prior_tokens: int
    made_at: datetime = field(default_factory=timezone.now)
    has_deltas: bool = False

    def usage(self, answer: Answer, outcome: Outcome) -> dict[str, Any]:
        """What it took; nothing where nothing came."""
        if not self.has_deltas:
            return {}
        return outcome_columns.usage_of(
            self.request, outcome, answer, prior_tokens=self.prior_tokens
        )


@dataclass(slots=True)
class Run:
    """One generation in this process. ``session_key``: the session that asked for it.

    ``generation`` is as the transaction left it that made it, with its message and conversation.
    """

    generation: Generation
    user_id: uuid.UUID
    session_key: str
    answer: Answer = field(default_factory=Answer)
    # How the exchange stands, also when it ends badly: retries, request id, usage.
    outcome: Outcome = field(default_factory=Outcome)
    # What went over the wire, a round each.
    recordings: list[Recording] = field(default_factory=list)
    # From the start to the record; before and after it the database is all there is.
    live: hub.LiveAnswer | None = None
    is_dirty: bool = False
    is_lost: bool = False
    is_recorded: bool = False
    stopping_as: str = ""
    first_delta_at: datetime | None = None
    # The call that is being answered, and what those before it took.
    asking: ApiCall | None = None
    spent: dict[str, Any] = field(default_factory=dict)
    # The calls about which a person is asked: the run rests.
    waiting: Sequence[ToolCallPart] = ()
    reader: asyncio.Task[None] | None = None
    # What it asks is known, or why it cannot ask: the question goes out next.
    is_ready: threading.Event = field(default_factory=threading.Event)

    @property
    def generation_id(self) -> uuid.UUID:
        """Its id."""
        return self.generation.pk

    def stop(self, status: str) -> None:
        """End the run as ``status``; what arrived is kept. The first call decides."""
        if self.stopping_as:
            return
        self.stopping_as = status
        if self.reader is not None:
            self.reader.cancel()

    def lose(self) -> None:
        """The lease is another's now: end, write nothing, publish nothing more."""
        self.is_lost = True
        self.stop(Generation.Status.INTERRUPTED)

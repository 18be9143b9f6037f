"""One request to an upstream: sent, read, and recorded with what it took.

Answers, images of the image tool and titles all go through here.
"""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ParamSpec

from django.utils import timezone

from conversations.database import threads
from conversations.generation import loop
from conversations.generation.request.token_estimate import tokens_sent, tokens_written
from conversations.models import UsageRecord
from conversations.upstream.answer.answer import Answer, Delta
from conversations.upstream.asking.client import Client
from conversations.upstream.asking.retry import Retry
from conversations.upstream.body.outcome import Outcome
from conversations.upstream.endpoint import Endpoint, Timers
from conversations.upstream.recording import Recording
from conversations.upstream.request import ChatRequest

P = ParamSpec("P")
# Token counts under the names of their columns in Generation.
Tokens = Mapping[str, Any]


@dataclass(slots=True)
class ApiCall:
    """One request, with what is known of its response.

    The response is folded into ``answer``, which may hold more already: the rounds before it.
    """

    request: ChatRequest
    endpoint: Endpoint
    answer: Answer = field(default_factory=Answer)
    purpose: UsageRecord.Purpose = UsageRecord.Purpose.CHAT
    made_at: datetime.datetime = field(default_factory=timezone.now)
    first_delta_at: datetime.datetime | None = None
    outcome: Outcome = field(default_factory=Outcome)
    recording: Recording | None = None
    # Known once the response has ended, however it did.
    tokens: Tokens = field(default_factory=dict)
    written_before: int = field(init=False)

    def __post_init__(self) -> None:
        self.written_before = tokens_written(self.answer)


class AnswerReader:
    """Folds the deltas of a response into an answer; subclasses may hold some of them back."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    async def take(self, delta: Delta) -> None:
        """Take one delta. Raises TooLarge as the answer does."""
        self._answer.add(delta)

    async def finish(self) -> None:
        """Take the end of a response that came to its end."""

    def release(self) -> None:
        """Add what is held back, however the response ended."""


@dataclass(frozen=True, slots=True)
class ApiClient:
    """The client of this process, with the time limits of its requests."""

    client: Client
    timers: Timers

    async def send(
        self,
        call: ApiCall,
        reader: AnswerReader,
        *,
        write: Callable[[ApiCall], object] | None = None,
        on_retry: Callable[[Retry], None] | None = None,
        pace: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """Send a request and read its response, of which ``call`` then tells all.

        However it ends, ``write`` records the call in the database. ``pace`` is awaited between
        reads, so that no more is read than can be shown. Raises UpstreamError.
        """
        try:
            async with self.client.exchange(
                call.endpoint, call.request, self.timers, on_retry=on_retry, pace=pace
            ) as exchange:
                call.recording = exchange.recording
                try:
                    async for delta in exchange:
                        call.first_delta_at = call.first_delta_at or timezone.now()
                        await reader.take(delta)
                    await reader.finish()
                finally:
                    call.outcome = exchange.outcome
                    reader.release()
                    call.answer.finish()
        finally:
            call.tokens = tokens_of(call)
            if write is not None:
                await record(write, call)


async def record(write: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
    """Call ``write`` in the writing thread as soon as the database serves.

    In a task of its own: a run that is stopped meanwhile was charged for the request all the same.
    """
    writing = threads.insist(lambda: threads.run_write(write, *args, **kwargs))
    await asyncio.shield(loop.start(writing))


def tokens_of(call: ApiCall) -> dict[str, Any]:
    """Return what a call took: the upstream's figures where it gave any, else our estimate.

    Nothing for a call whose response had no delta.
    """
    if call.first_delta_at is None:
        return {}
    usage = call.outcome.usage
    if usage is not None and usage.completion is not None:
        return {
            "prompt_tokens": usage.prompt,
            "completion_tokens": usage.completion,
            "total_tokens": usage.total,
            "reasoning_tokens": usage.reasoning,
            "cached_tokens": usage.cached,
        }
    prompt = tokens_sent(call.request)
    completion = max(tokens_written(call.answer) - call.written_before, 0)
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "is_usage_estimated": True,
    }

"""One request to an upstream and its answer: attempts, retries, and a prompt end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import replace

from conversations.network.addresses import AddressRefused
from conversations.upstream.answer.answer import Delta
from conversations.upstream.asking.attempt import Attempt, Pace
from conversations.upstream.asking.deadlines import Deadlines
from conversations.upstream.asking.pools import Pools
from conversations.upstream.asking.retry import Retry, next_retry
from conversations.upstream.body.outcome import Outcome
from conversations.upstream.endpoint import Endpoint, Timers
from conversations.upstream.errors import ErrorKind, UpstreamError
from conversations.upstream.failures.refused_parameters import says_no_tools
from conversations.upstream.recording import Recording
from conversations.upstream.request import ChatRequest

OnRetry = Callable[[Retry], None]


class Exchange:
    """Iterate it once for the deltas; `outcome` and `recording` hold the rest, at any time.

    Iterating raises `UpstreamError`. Deltas that were yielded before stay valid: no answer is
    begun anew after its first delta.
    """

    def __init__(
        self,
        *,
        pools: Pools,
        endpoint: Endpoint,
        request: ChatRequest,
        timers: Timers,
        max_retries: int,
        on_retry: OnRetry | None,
        pace: Pace | None,
    ) -> None:
        self._pools = pools
        self._endpoint = endpoint
        self._request = request
        self._timers = timers
        self._max_retries = max_retries
        self._on_retry = on_retry
        self._pace = pace
        self._retries = 0
        self._include_usage = endpoint.stream_options and request.is_streamed
        self._left_out_usage = False
        self._left_out_tools = False
        self._attempt: Attempt | None = None
        self.recording = Recording(key=endpoint.key, now=asyncio.get_running_loop().time)
        self._deltas = self._run()

    def __aiter__(self) -> AsyncIterator[Delta]:
        """Return the deltas."""
        return self._deltas

    async def aclose(self) -> None:
        """Close the upstream's connection, at once."""
        await self._deltas.aclose()
        self.recording.end()

    @property
    def outcome(self) -> Outcome:
        """The facts known so far beside the text."""
        if self._attempt is None:
            return Outcome(retries=self._retries)
        reception, facts = self._attempt.reception, self._attempt.reception.facts
        return Outcome(
            finish_reason=facts.finish_reason,
            is_complete=reception.is_complete,
            usage=facts.usage,
            request_id=self._attempt.request_id,
            response_id=facts.response_id,
            model=facts.model,
            created=facts.created,
            retries=self._retries,
            refused_stream_options=self._left_out_usage and reception.events > 0,
            refused_tools=self._left_out_tools and reception.events > 0,
            bytes_received=reception.bytes,
        )

    async def _run(self) -> AsyncGenerator[Delta, None]:
        self._check()
        deadlines = Deadlines(self._timers, streamed=self._request.is_streamed)
        while True:
            attempt = self._attempt = Attempt(
                endpoint=self._endpoint,
                body=self._request.body(self._include_usage),
                timers=self._timers,
                deadlines=deadlines,
                pace=self._pace,
                recording=self.recording,
            )
            http = self._pools.client_for(self._endpoint)
            try:
                async with aclosing(attempt.deltas(http)) as deltas:
                    async for delta in deltas:
                        yield delta
            except UpstreamError as error:
                attempt.record.end(error.kind)
                await self._prepare_again(attempt, error, patience=deadlines.remaining)
            else:
                return

    def _check(self) -> None:
        try:
            self._endpoint.check_scheme()
        except AddressRefused as error:
            raise UpstreamError(ErrorKind.UNREACHABLE, reason=error.code) from None

    async def _prepare_again(
        self, attempt: Attempt, error: UpstreamError, *, patience: float
    ) -> None:
        """Wait until the request may be sent again; raise `error` if it must not be."""
        if attempt.reception.has_deltas:
            raise error
        if self._request.may_leave_out_tools and _means_tools(error):
            self._request = replace(self._request, tools=())
            self._left_out_tools = True
            attempt.record.wait = 0.0
            return
        if self._include_usage and _may_mean_stream_options(error):
            self._include_usage = False
            self._left_out_usage = True
            attempt.record.wait = 0.0
            return
        retry = next_retry(
            error,
            done=self._retries,
            limit=self._max_retries,
            was_pooled=attempt.died_in_pool,
            is_paid_for=self._request.image and attempt.was_sent,
        )
        if retry is None or retry.wait >= patience:
            raise error
        self._retries = retry.number
        attempt.record.wait = retry.wait
        if self._on_retry is not None:
            self._on_retry(retry)
        await asyncio.sleep(retry.wait)


def _means_tools(error: UpstreamError) -> bool:
    """Whether a refusal says that the model calls no tools."""
    return error.status in {400, 404, 422} and says_no_tools(error.detail.lower())


def _may_mean_stream_options(error: UpstreamError) -> bool:
    """Whether a refusal may be about `stream_options`.

    Some servers answer 400 or 422 to parameters that they do not know, and not all say which.
    """
    if error.status not in {400, 422}:
        return False
    names_it = "stream_options" in error.detail or "include_usage" in error.detail
    return names_it or error.kind is ErrorKind.UPSTREAM_BROKEN

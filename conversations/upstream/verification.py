"""The connection test: the document's own test script, with a chosen model."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from enum import StrEnum

from conversations.upstream.asking.client import Client
from conversations.upstream.endpoint import Endpoint, Timers
from conversations.upstream.errors import ErrorKind, UpstreamError
from conversations.upstream.request import ChatRequest

_TIMERS = Timers(connect=10.0, plain=120.0)


class VerificationKind(StrEnum):
    """The results of a connection test that a user must be able to tell apart."""

    OK = "ok"
    KEY_REFUSED = "key_refused"
    MODEL_REFUSED = "model_refused"
    NOT_AN_API = "not_an_api"
    UNREACHABLE = "unreachable"
    RATE_LIMITED = "rate_limited"
    OTHER = "other"


_KINDS = {
    ErrorKind.KEY_REFUSED: VerificationKind.KEY_REFUSED,
    ErrorKind.KEY_EXPIRED: VerificationKind.KEY_REFUSED,
    ErrorKind.MODEL_UNKNOWN: VerificationKind.MODEL_REFUSED,
    ErrorKind.NOT_AN_API: VerificationKind.NOT_AN_API,
    ErrorKind.UNREACHABLE: VerificationKind.UNREACHABLE,
    ErrorKind.TIMED_OUT: VerificationKind.UNREACHABLE,
    ErrorKind.RATE_LIMITED: VerificationKind.RATE_LIMITED,
    ErrorKind.QUOTA_SPENT: VerificationKind.RATE_LIMITED,
}


@dataclass(frozen=True, slots=True)
class Verification:
    """The result of a test.

    `model` is the one that answered. `error` holds the upstream's own account where it failed;
    `detail` is its masked words. `looks_like_website`: a page, a redirect or a 404 came, so the
    address is probably the one for people and not the one for programs.
    """

    kind: VerificationKind
    elapsed_ms: int
    model: str = ""
    detail: str = ""
    status: int | None = None
    error: ErrorKind | None = None
    reason: str = ""

    @property
    def key_works(self) -> bool:
        """Whether the upstream accepted the key, whatever else it refused."""
        return self.kind in {
            VerificationKind.OK,
            VerificationKind.MODEL_REFUSED,
            VerificationKind.RATE_LIMITED,
        }

    @property
    def looks_like_website(self) -> bool:
        """Whether another address of the same service may be the right one."""
        return self.reason in {"html", "redirect", "not_found"}


async def verify(
    client: Client, endpoint: Endpoint, model: str, *, timers: Timers = _TIMERS
) -> Verification:
    """Ask once, as the document's test script does; any documented answer passes. Never raises."""
    request = ChatRequest(
        model=model,
        messages=[{"role": "user", "content": "Hello, how are you?"}],
        max_tokens=1024,
        temperature=0.7,
    )
    now = asyncio.get_running_loop().time
    started = now()
    error: UpstreamError | None = None
    async with client.exchange(endpoint, request, timers, max_retries=0) as exchange:
        try:
            async for _ in exchange:
                pass
        except UpstreamError as caught:
            error = caught
    outcome = exchange.outcome
    if error is not None and error.kind is ErrorKind.EMPTY_ANSWER and outcome.finish_reason:
        error = None  # such as a reasoning model that spent its 1,024 tokens on thinking
    elapsed = round((now() - started) * 1000)
    if error is None:
        return Verification(VerificationKind.OK, elapsed, model=outcome.model)
    return Verification(
        _kind(error),
        elapsed,
        model=outcome.model,
        detail=error.detail,
        status=error.status,
        error=error.kind,
        reason=error.reason,
    )


async def find_header(
    client: Client, endpoint: Endpoint, model: str, *, timers: Timers = _TIMERS
) -> tuple[Endpoint, Verification]:
    """Verify, and where the key is refused, once more with the other header for the key.

    Return the endpoint with the header that works, or the given one.
    """
    found = await verify(client, endpoint, model, timers=timers)
    if found.kind is not VerificationKind.KEY_REFUSED:
        return endpoint, found
    is_bearer = endpoint.auth_style == "bearer"
    other = replace(endpoint, auth_style="x-api-key" if is_bearer else "bearer")
    again = await verify(client, other, model, timers=timers)
    return (other, again) if again.key_works else (endpoint, found)


def _kind(error: UpstreamError) -> VerificationKind:
    """A bare 403 is about the key (gateways say so); one that names the model is about that."""
    if error.kind is ErrorKind.NO_PERMISSION:
        names_model = "model" in error.detail.lower() or "模型" in error.detail
        return VerificationKind.MODEL_REFUSED if names_model else VerificationKind.KEY_REFUSED
    return _KINDS.get(error.kind, VerificationKind.OTHER)

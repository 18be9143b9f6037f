"""The rules for retries: which failures, how often and after how long."""

from __future__ import annotations

import random
from dataclasses import dataclass

from conversations.upstream.errors import ErrorKind, UpstreamError

MAX_RETRIES = 2
FIRST_WAIT = 0.5
MAX_OBEYED_WAIT = 20.0
_JITTER = 0.25
# A gateway answers this when the server behind it is silent; 504 and 524 are TIMED_OUT.
_BAD_GATEWAY = 502


@dataclass(frozen=True, slots=True)
class Retry:
    """One repetition that is about to happen: which, after how many seconds, and why."""

    number: int
    wait: float
    error: UpstreamError


def next_retry(
    error: UpstreamError,
    *,
    done: int,
    limit: int,
    was_pooled: bool = False,
    is_paid_for: bool = False,
) -> Retry | None:
    """Return the repetition that `error` deserves after `done` of them, or None.

    `Retry-After` is obeyed up to 20 s; above that it is the person's turn. A pooled connection
    that died before the first byte (`was_pooled`) says nothing about the server: at once.
    `is_paid_for`: each request that arrived costs money, so that only one that was refused is
    repeated.
    """
    if not error.is_retryable or done >= limit:
        return None
    if is_paid_for and not _is_refusal(error):
        return None
    if was_pooled:
        return Retry(number=done + 1, wait=0.0, error=error)
    if error.retry_after is not None:
        if error.retry_after > MAX_OBEYED_WAIT:
            return None
        return Retry(number=done + 1, wait=error.retry_after, error=error)
    spread = 1 - _JITTER * random.random()  # noqa: S311 - spreads load, guards nothing
    return Retry(number=done + 1, wait=FIRST_WAIT * 2**done * spread, error=error)


def _is_refusal(error: UpstreamError) -> bool:
    """Whether a server said no; else the request may have been carried out all the same."""
    is_silence = error.kind in {ErrorKind.UNREACHABLE, ErrorKind.TIMED_OUT}
    return not is_silence and error.status != _BAD_GATEWAY

"""Errors of upstreams: a small closed set of kinds, which never contain a key."""

from __future__ import annotations

from enum import StrEnum

RETRY_STATUSES = frozenset({408, 409, 429})
"""The statuses that are retried, with every one from 500 up."""


class ErrorKind(StrEnum):
    """The kind of an error, which decides who must act and how."""

    KEY_REFUSED = "key_refused"
    KEY_EXPIRED = "key_expired"
    NO_PERMISSION = "no_permission"
    MODEL_UNKNOWN = "model_unknown"
    PARAMETER_REFUSED = "parameter_refused"
    IMAGES_REFUSED = "images_refused"
    CONTEXT_TOO_LONG = "context_too_long"
    RATE_LIMITED = "rate_limited"
    QUOTA_SPENT = "quota_spent"
    UPSTREAM_BROKEN = "upstream_broken"
    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed_out"
    STALLED = "stalled"
    REFUSED_BY_POLICY = "refused_by_policy"
    BAD_STREAM = "bad_stream"
    TOO_LARGE = "too_large"
    NOT_AN_API = "not_an_api"
    EMPTY_ANSWER = "empty_answer"
    # A fault in our own code, which must not be blamed on the upstream.
    INTERNAL = "internal"


_RETRY_KINDS = frozenset(
    {
        ErrorKind.RATE_LIMITED,
        ErrorKind.UPSTREAM_BROKEN,
        ErrorKind.UNREACHABLE,
        ErrorKind.TIMED_OUT,
    }
)


class UpstreamError(Exception):
    """One failed exchange.

    `status` is the HTTP status, or the one an error object carries, or None. `retry_after` is in
    seconds. `detail` is the upstream's own words, masked and folded. `reason` is a code of ours
    that says more than the kind (an address code; html, redirect, not_found, json, text).
    """

    def __init__(
        self,
        kind: ErrorKind,
        *,
        status: int | None = None,
        retry_after: float | None = None,
        detail: str = "",
        request_id: str = "",
        reason: str = "",
    ) -> None:
        super().__init__(kind.value)
        self.kind = kind
        self.status = status
        self.retry_after = retry_after
        self.detail = detail
        self.request_id = request_id
        self.reason = reason

    def __str__(self) -> str:
        """Name kind and status only: a log line holds nothing that the upstream wrote."""
        return self.kind.value if self.status is None else f"{self.kind.value} ({self.status})"

    @property
    def is_retryable(self) -> bool:
        """Whether asking again by itself may help; only ever before the first delta."""
        if self.reason or self.kind not in _RETRY_KINDS:
            return False
        if self.status is None or self.status < 400:
            return self.kind is not ErrorKind.TIMED_OUT
        return self.status in RETRY_STATUSES or self.status >= 500


class TooLarge(UpstreamError):  # noqa: N818 - reads as the kind it stands for
    """The answer is over a limit; what came before it is kept by whoever holds it."""

    def __init__(self) -> None:
        super().__init__(ErrorKind.TOO_LARGE)

"""Classification of upstream errors by status, code and common phrases."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from math import isfinite
from time import time

from conversations.upstream.errors import ErrorKind, UpstreamError
from conversations.upstream.failures import refused_images, refused_parameters
from conversations.upstream.failures.error_body import ErrorBody, read
from conversations.upstream.failures.masking import tidy

_REQUEST_ID_HEADERS = ("x-request-id", "request-id", "x-litellm-call-id")

_KEY_WORDS = r"(token|key|jwt|signature|credential|session)"
_MODEL_WORDS = r"model\S{0,80}( \S{1,80}){0,4}"

# In order: the first phrase that occurs decides. All bounded: the words are not ours.
_PHRASES: dict[ErrorKind, tuple[str, ...]] = {
    ErrorKind.KEY_EXPIRED: (
        _KEY_WORDS + r"\S{0,80}( \S{1,80}){0,3} (has |is )?expired",
        r"token_expired|expired_(token|key)|expiredsignature|过期",
    ),
    ErrorKind.QUOTA_SPENT: (
        r"insufficient_(user_)?quota|insufficient_balance|(exceeded|crossed) budget",
        r"budget_exceeded|exceeded your current quota|insufficient (balance|credit|fund)",
        r"out of credits|余额|额度|欠费",
    ),
    ErrorKind.REFUSED_BY_POLICY: (
        r"content[_ ](filter|policy|management)|moderation|responsible ai|safety system",
        r"policy_violation|内容安全|敏感",
    ),
    ErrorKind.CONTEXT_TOO_LONG: (
        r"context[_ ](length|window|size|limit)|maximum context|(prompt|input) is too long",
        r"too many tokens|string_above_max_length|上下文",
    ),
    ErrorKind.RATE_LIMITED: (
        r"rate[_ -]?limit|too many requests|per (minute|second)|throttl|\b[rt]pm\b",
    ),
    ErrorKind.MODEL_UNKNOWN: (
        r"model_not_found|(invalid|unknown|unsupported|no such) model",
        _MODEL_WORDS + r" (does not exist|not found|is not (found|supported|available))",
        r"模型不存在|无效的?模型|无可用渠道|不支持(的|该)?模型",
    ),
    ErrorKind.KEY_REFUSED: (
        r"invalid_api_key|authentication_error|(invalid|incorrect|missing|no) api[ _-]?key",
        # LiteLLM without a database says this of a wrong key: captures/litellm-err-key
        r"no_db_connection|无效的令牌|令牌无效",
    ),
}
_RULES = tuple((kind, re.compile("|".join(phrases))) for kind, phrases in _PHRASES.items())
# OpenRouter answers 404, and llama.cpp and Ollama 500.
_REFUSALS_OF_IMAGES = frozenset({400, 404, 415, 422, 500, 501})
_BY_STATUS = {
    401: ErrorKind.KEY_REFUSED,
    402: ErrorKind.QUOTA_SPENT,
    403: ErrorKind.NO_PERMISSION,
    404: ErrorKind.NOT_AN_API,
    405: ErrorKind.NOT_AN_API,
    408: ErrorKind.TIMED_OUT,
    413: ErrorKind.CONTEXT_TOO_LONG,
    429: ErrorKind.RATE_LIMITED,
    504: ErrorKind.TIMED_OUT,
    524: ErrorKind.TIMED_OUT,  # Cloudflare: the origin did not answer in time
}


def classify(
    status: int, headers: Mapping[str, str], body: bytes | str, *, key: str = ""
) -> UpstreamError:
    """Return the error that an answer stands for; status 200 too may carry one.

    `headers` are asked by lower-case names. `key` is hidden wherever the body echoes it.
    """
    said = read(body)
    effective = status if status >= 400 else said.status
    kind, reason = _kind(status, effective, said)
    detail = said.message
    if 300 <= status < 400:
        detail = headers.get("location", "")
    return UpstreamError(
        kind,
        status=effective or status,
        retry_after=retry_after(headers),
        detail=tidy(detail, key=key),
        request_id=request_id(headers, key=key),
        reason=reason,
    )


def request_id(headers: Mapping[str, str], *, key: str = "") -> str:
    """Return the id the upstream gave the request, for whoever asks its support."""
    found = (headers[name] for name in _REQUEST_ID_HEADERS if headers.get(name))
    return tidy(next(found, ""), key=key, limit=200)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds to wait, from `retry-after-ms` or `Retry-After` (seconds or a date)."""
    milliseconds = _seconds(headers.get("retry-after-ms", ""))
    if milliseconds is not None:
        return milliseconds / 1000
    value = headers.get("retry-after", "")
    seconds = _seconds(value)
    if seconds is not None or not value:
        return seconds
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time())
    except (ValueError, OverflowError):
        return None


def _seconds(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if isfinite(number) and number >= 0 else None


def _kind(status: int, effective: int | None, said: ErrorBody) -> tuple[ErrorKind, str]:
    """Return the kind, and for what is no API the reason: html, redirect, not_found, json, text."""
    if 300 <= status < 400:
        return ErrorKind.NOT_AN_API, "redirect"
    kind = _by_words(effective, said) or _BY_STATUS.get(effective or 0)
    if (
        said.form == "html"
        and kind is not ErrorKind.RATE_LIMITED
        and status < 500
        and status != 401
    ):
        return ErrorKind.NOT_AN_API, "html"
    if kind is ErrorKind.NOT_AN_API:
        return kind, "not_found"
    if kind is None and effective is None and not said.is_error:
        return _without_error(said)
    return kind or ErrorKind.UPSTREAM_BROKEN, ""


def _by_words(effective: int | None, said: ErrorBody) -> ErrorKind | None:
    # A page may say anything, and 401 is about the key.
    rules = _RULES[:1] if effective == 401 or said.form == "html" else _RULES
    words = said.words[:2000]
    if (effective or 0) in _REFUSALS_OF_IMAGES and refused_images.is_refusal(words):
        return ErrorKind.IMAGES_REFUSED
    # Before the phrases: where vLLM finds `max_tokens` too large, it tells the context's length.
    if effective in {400, 422} and refused_parameters.is_refusal(words):
        return ErrorKind.PARAMETER_REFUSED
    return next((kind for kind, phrases in rules if phrases.search(words)), None)


def _without_error(said: ErrorBody) -> tuple[ErrorKind, str]:
    """Judge an answer with a good status that is neither a completion nor an error."""
    if said.form in {"empty", "completion"}:
        return ErrorKind.EMPTY_ANSWER, ""
    return ErrorKind.NOT_AN_API, said.form

from __future__ import annotations

import json
import time
from email.utils import formatdate

import pytest

from conversations.upstream.errors import ErrorKind, UpstreamError
from conversations.upstream.failures.classify import classify, retry_after
from tests.effort import bounded

KEY = "sk-abcdefghijklmnop"


def openai(message: str, code: str | int | None = None, kind: str = "") -> str:
    return json.dumps({"error": {"message": message, "type": kind, "code": code}})


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, "", ErrorKind.KEY_REFUSED),
        (401, openai("Incorrect API key provided", "invalid_api_key"), ErrorKind.KEY_REFUSED),
        (401, openai("model x quota"), ErrorKind.KEY_REFUSED),
        (400, openai("API key not valid", "invalid_api_key"), ErrorKind.KEY_REFUSED),
        (401, openai("The token has expired"), ErrorKind.KEY_EXPIRED),
        (401, '{"detail": "Signature has expired"}', ErrorKind.KEY_EXPIRED),
        (401, openai("令牌已过期"), ErrorKind.KEY_EXPIRED),
        (403, '{"message": "Forbidden"}', ErrorKind.NO_PERMISSION),
        (403, openai("Country not supported"), ErrorKind.NO_PERMISSION),
        (404, openai("The model `x` does not exist", "model_not_found"), ErrorKind.MODEL_UNKNOWN),
        (400, openai("Invalid model name passed in model=x"), ErrorKind.MODEL_UNKNOWN),
        (503, openai("当前分组下对于模型 x 无可用渠道"), ErrorKind.MODEL_UNKNOWN),
        (400, openai("too long", "context_length_exceeded"), ErrorKind.CONTEXT_TOO_LONG),
        (400, '{"error": "prompt is too long: 9 > 8"}', ErrorKind.CONTEXT_TOO_LONG),
        (413, "", ErrorKind.CONTEXT_TOO_LONG),
        (429, "", ErrorKind.RATE_LIMITED),
        (429, openai("Quota of 3 requests per minute reached"), ErrorKind.RATE_LIMITED),
        (429, openai("You exceeded your current quota", "insufficient_quota"),
         ErrorKind.QUOTA_SPENT),
        (402, "", ErrorKind.QUOTA_SPENT),
        (403, openai("用户余额不足"), ErrorKind.QUOTA_SPENT),
        (400, openai("x", "content_policy_violation"), ErrorKind.REFUSED_BY_POLICY),
        (400, openai("x", "content_filter"), ErrorKind.REFUSED_BY_POLICY),
        (408, "", ErrorKind.TIMED_OUT),
        (504, "<html>Gateway Timeout</html>", ErrorKind.TIMED_OUT),
        (500, "", ErrorKind.UPSTREAM_BROKEN),
        (502, "<html><title>502 Bad Gateway</title></html>", ErrorKind.UPSTREAM_BROKEN),
        (503, "Service Unavailable", ErrorKind.UPSTREAM_BROKEN),
        (409, "", ErrorKind.UPSTREAM_BROKEN),
        (400, openai("Unsupported value: temperature"), ErrorKind.PARAMETER_REFUSED),
        (400, openai("does not support tools"), ErrorKind.PARAMETER_REFUSED),
        (400, openai("参数 top_p 超出范围"), ErrorKind.PARAMETER_REFUSED),
        (422, '{"detail": [{"loc": ["body", "top_p"], "msg": "should be less than 1"}]}',
         ErrorKind.PARAMETER_REFUSED),
        (400, '{"error": {"message": "Unsupported value: 0.2", "param": "temperature"}}',
         ErrorKind.PARAMETER_REFUSED),
        (400, openai("'max_tokens' is too large: 9000. The maximum context length is 4096 tokens"),
         ErrorKind.PARAMETER_REFUSED),
        (400, openai("input length and `max_tokens` exceed context limit: 190 + 20 > 200"),
         ErrorKind.CONTEXT_TOO_LONG),
        (400, openai("Invalid upstream: low temperatures"), ErrorKind.UPSTREAM_BROKEN),
        (500, openai("temperature is not supported"), ErrorKind.UPSTREAM_BROKEN),
        (404, '{"detail": "Not Found"}', ErrorKind.NOT_AN_API),
        (405, "", ErrorKind.NOT_AN_API),
        (403, "<html>Attention required</html>", ErrorKind.NOT_AN_API),
        (302, "", ErrorKind.NOT_AN_API),
        (200, "<!doctype html><title>Hi</title>", ErrorKind.NOT_AN_API),
        (200, "OK", ErrorKind.NOT_AN_API),
        (200, '{"ok": true}', ErrorKind.NOT_AN_API),
        (200, "", ErrorKind.EMPTY_ANSWER),
        (200, '{"choices": []}', ErrorKind.EMPTY_ANSWER),
        (200, openai("slow down", 429), ErrorKind.RATE_LIMITED),
        (200, openai("slow down", "429"), ErrorKind.RATE_LIMITED),
        (200, '{"error": "upstream unavailable"}', ErrorKind.UPSTREAM_BROKEN),
        (200, '"upstream unavailable"', ErrorKind.UPSTREAM_BROKEN),
        (500, '[{"error": {"message": "no"}}]', ErrorKind.UPSTREAM_BROKEN),
        (500, '{"error": {"code": [], "message": {}}}', ErrorKind.UPSTREAM_BROKEN),
        (500, "[" * 100_000, ErrorKind.UPSTREAM_BROKEN),
        (500, '{"errors": [5]}', ErrorKind.UPSTREAM_BROKEN),
    ],
)  # fmt: skip
def test_kinds(status: int, body: str, kind: ErrorKind) -> None:
    assert classify(status, {}, body).kind is kind


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (openai("words"), "words"),
        ('{"detail": "words"}', "words"),
        ('{"detail": [{"loc": ["body", "messages"], "msg": "field required"}]}',
         "body.messages: field required"),
        ('{"error": {"message": "words", "param": "top_p"}}', "top_p: words"),
        ('{"error": {"message": "no top_p", "param": "top_p"}}', "no top_p"),
        ('{"error": "words"}', "words"),
        ('{"error": "TypeError", "message": "words"}', "TypeError: words"),
        ('"words"', "words"),
        ("words", "words"),
        ("<html><script>x()</script><body>Some <b>words</b> &amp; more", "Some words & more"),
        ("<title>\n Bad  Gateway </title>", "Bad Gateway"),
        ("", ""),
        ("a\x00b\u202ec\r\nd", "ab c d"),
        ('{"error": {"message": "a\\ud83db"}}', "a\ufffdb"),
    ],
)  # fmt: skip
def test_details(body: str, detail: str) -> None:
    assert classify(500, {}, body).detail == detail


def test_details_are_folded() -> None:
    assert len(classify(500, {}, "x y " * 100_000).detail) == 2000


@pytest.mark.parametrize(
    "words",
    [
        f"Incorrect API key provided: {KEY}. You can find yours elsewhere.",
        "Incorrect API key provided: sk-ab*****mnop.",
        "Incorrect API key provided: sk-abc...nop",
        f"header 'Authorization: Bearer {KEY}'",
        f"key={KEY[:9]} is wrong",
        f"ends in {KEY[-8:]}",
        f"{KEY}{KEY}",
        "other sk-zzzzzzzzzzzzzzzz",
        "token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc",
    ],
)
def test_keys_are_masked(words: str) -> None:
    error = classify(401, {"x-request-id": KEY}, openai(words), key=KEY)
    for secret in (KEY[:6], KEY[-6:], "mnop", "zzzz", "eyJ"):
        assert secret not in error.detail
        assert secret not in error.request_id
    assert "•••" in error.detail
    assert KEY not in repr(error) + str(error)


@pytest.mark.parametrize("name", ["x-request-id", "request-id", "x-litellm-call-id"])
def test_request_ids(name: str) -> None:
    assert classify(500, {name: "req-1"}, "").request_id == "req-1"


def test_masking_leaves_other_words_alone() -> None:
    words = "The server had an error... while processing your request."
    assert classify(500, {}, openai(words), key=KEY).detail == words


@pytest.mark.parametrize("unit", ["<", "model ", "model", "*", "a*", "sk-", "token ", "<title"])
def test_hostile_bodies_take_no_time(unit: str) -> None:
    with bounded():
        classify(400, {}, unit * 20_000, key=KEY * 100)


def test_redirects_name_their_target() -> None:
    error = classify(307, {"location": "https://elsewhere/"}, "")
    assert (error.detail, error.reason) == ("https://elsewhere/", "redirect")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after-ms": "250", "retry-after": "7"}, 0.25),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


def test_retry_after_as_a_date() -> None:
    date = formatdate(time.time() + 3600, usegmt=True)
    seconds = retry_after({"retry-after": date})
    assert seconds is not None
    assert 3000 < seconds <= 3600


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 504, 529])
def test_retryable(status: int) -> None:
    assert classify(status, {}, "").is_retryable


@pytest.mark.parametrize("status", [301, 400, 401, 402, 403, 404, 405, 413, 422])
def test_not_retryable(status: int) -> None:
    assert not classify(status, {}, "").is_retryable


def test_spent_quota_is_not_retryable() -> None:
    assert not classify(429, {}, openai("x", "insufficient_quota")).is_retryable


def test_our_own_timers_are_not_retryable() -> None:
    assert not UpstreamError(ErrorKind.TIMED_OUT).is_retryable
    assert not UpstreamError(ErrorKind.STALLED).is_retryable
    assert UpstreamError(ErrorKind.UNREACHABLE).is_retryable
    assert not UpstreamError(ErrorKind.UNREACHABLE, reason="not_public").is_retryable

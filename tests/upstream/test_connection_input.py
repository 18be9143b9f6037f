from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

import pytest

from conversations.upstream.connection_input import (
    InputError,
    clean_key,
    jwt_expiry,
    normalise_base_url,
)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://api.agentpivot.ai", "https://api.agentpivot.ai"),
        (" https://api.agentpivot.ai/ \n", "https://api.agentpivot.ai"),
        ("https://api.agentpivot.ai/v1", "https://api.agentpivot.ai"),
        ("https://api.agentpivot.ai/v1/", "https://api.agentpivot.ai"),
        ("https://api.agentpivot.ai/v1/chat/completions", "https://api.agentpivot.ai"),
        ("https://api.agentpivot.ai/v1/chat/completions/", "https://api.agentpivot.ai"),
        ("api.agentpivot.ai/v1", "https://api.agentpivot.ai"),
        ("//api.agentpivot.ai", "https://api.agentpivot.ai"),
        ("https://host/proxy/v1", "https://host/proxy"),
        ("https://host//proxy/openai/", "https://host/proxy/openai"),
        ("HTTP://Host.Example:80/v1", "http://host.example"),
        ("https://host:443", "https://host"),
        ("localhost:11434", "https://localhost:11434"),
        ("127.0.0.1:8000/v1", "https://127.0.0.1:8000"),
        ("http://[::1]:8080/v1", "http://[::1]:8080"),
        ("https://例え.jp/v1", "https://xn--r8jz45g.jp"),
        ("https://host./v1", "https://host"),
    ],
)
def test_base_urls(text: str, url: str) -> None:
    assert normalise_base_url(text) == url
    assert normalise_base_url(url) == url


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "url_empty"),
        ("  ", "url_empty"),
        ("ftp://host", "url_scheme"),
        ("file:///etc/passwd", "url_scheme"),
        ("javascript:alert(1)", "url_scheme"),
        ("https://user:secret@host", "url_userinfo"),
        ("user@host", "url_userinfo"),
        ("https://host/?a=1", "url_query"),
        ("https://host/#a", "url_fragment"),
        ("https://", "url_host"),
        ("https://a..b", "url_host"),
        ("https://-a", "url_host"),
        ("https://[::1", "url_invalid"),
        ("https://host:99999", "url_port"),
        ("https://host:x", "url_port"),
        ("https://a b", "url_invalid"),
        ("https://host\\@evil", "url_invalid"),
        ("https://host/" + "a" * 3000, "url_too_long"),
    ],
)
def test_refused_base_urls(text: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        normalise_base_url(text)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("sk-abc", "sk-abc"),
        ("  sk-abc\n", "sk-abc"),
        ("sk-a\n bc", "sk-abc"),
        ("Bearer sk-abc", "sk-abc"),
        ("bearer: sk-abc", "sk-abc"),
        ("Authorization: Bearer sk-abc", "sk-abc"),
        ("x-api-key: sk-abc", "sk-abc"),
        ("X-API-Key:sk-abc", "sk-abc"),
        ('"sk-abc"', "sk-abc"),
        ("'Authorization: Bearer sk-abc'", "sk-abc"),
        ("x-api-key: 'sk-abc'", "sk-abc"),
        ("\ufeffsk-\u200babc", "sk-abc"),
        ("bearerish", "bearerish"),
    ],
)
def test_keys(text: str, key: str) -> None:
    assert clean_key(text) == key


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "key_empty"),
        ('""', "key_empty"),
        ("Bearer ", "key_empty"),
        ("x-api-key:", "key_empty"),
        ("clé", "key_characters"),
        ("a\0b", "key_characters"),
        ("k" * 8193, "key_too_long"),
    ],
)
def test_refused_keys(text: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        clean_key(text)
    assert caught.value.code == code
    assert len(clean_key("k" * 8192)) == 8192


def jwt(claims: object) -> str:
    middle = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJub25lIn0.{middle}.sig"


def test_jwt_expiry() -> None:
    assert jwt_expiry(jwt({"exp": 1700000000})) == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert jwt_expiry(jwt({"exp": 1700000000.5})) is not None


@pytest.mark.parametrize(
    "token",
    ["sk-abc", "a.b.c", "a.é.c", jwt({}), jwt([]), jwt({"exp": "x"}), jwt({"exp": True}),
     jwt({"exp": 1e300}), ".."],
)  # fmt: skip
def test_tokens_without_expiry(token: str) -> None:
    assert jwt_expiry(token) is None

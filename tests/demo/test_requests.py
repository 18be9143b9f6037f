"""Requests that the demo accepts and refuses: keys, models, fields, bodies, paths."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from conversations.demo.app import BODY_LIMIT
from conversations.demo.server import DemoServer
from tests.demo.talk import (
    CHAT_MODELS,
    IMAGE_MODELS,
    PATH,
    VOICE_MODELS,
    ask,
    body,
    stream,
    text_of,
)


@pytest.mark.parametrize("header", ["x-api-key", "X-API-Key"])
async def test_the_key_opens_as_api_key(server: DemoServer, header: str) -> None:
    assert await status(server, {header: server.key}) == 200


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
async def test_the_key_opens_as_bearer(server: DemoServer, scheme: str) -> None:
    assert await status(server, {"Authorization": f"{scheme} {server.key}"}) == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-api-key": "wrong"},
        {"x-api-key": ""},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Basic KEY"},
        {"Authorization": "KEY"},
        {"Authorization": "Bearer"},
    ],
)
async def test_anything_else_is_refused(server: DemoServer, headers: dict[str, str]) -> None:
    sent = {name: value.replace("KEY", server.key) for name, value in headers.items()}
    assert await status(server, sent) == 401


async def status(server: DemoServer, headers: dict[str, str]) -> int:
    async with httpx.AsyncClient(base_url=server.base_url) as client:
        response = await client.post(PATH, json=body("hi"), headers=headers)
        assert response.status_code == 200 or server.key not in response.text
        return response.status_code


def test_an_empty_key_is_refused_and_generated_ones_differ() -> None:
    with pytest.raises(ValueError, match="key"):
        DemoServer(models=CHAT_MODELS, key="")
    assert DemoServer(models=CHAT_MODELS).key != DemoServer(models=CHAT_MODELS).key


@pytest.mark.parametrize("model", CHAT_MODELS + IMAGE_MODELS)
async def test_chat_and_image_models_answer(client: httpx.AsyncClient, model: str) -> None:
    assert (await ask(client, "hi", model=model))["model"] == model


@pytest.mark.parametrize("model", VOICE_MODELS)
async def test_voice_models_are_not_served(client: httpx.AsyncClient, model: str) -> None:
    error = await refused(client, body("hi", model=model), 400)
    assert error["code"] == "model_not_supported"
    assert "not served" in error["message"]


async def test_an_unknown_model_is_not_found(client: httpx.AsyncClient) -> None:
    error = await refused(client, body("hi", model="gpt-99"), 404)
    assert error["code"] == "model_not_found"


async def refused(client: httpx.AsyncClient, data: object, expected: int) -> dict[str, Any]:
    response = await client.post(PATH, json=data)
    assert response.status_code == expected, response.text
    error: dict[str, Any] = response.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    return error


@pytest.mark.parametrize(
    "fields",
    [
        {"temperature": 2.1},
        {"temperature": -0.1},
        {"temperature": "1"},
        {"temperature": True},
        {"top_p": 1.01},
        {"top_p": -1},
        {"max_tokens": 0},
        {"max_tokens": 1.5},
        {"max_tokens": True},
        {"stream": "yes"},
        {"stream_options": []},
        {"stream_options": {"include_usage": 1}},
        {"tools": {}},
        {"tools": ["get_weather"]},
        {"tools": [{"type": "function"}]},
        {"tools": [{"function": {"name": 7}}]},
        {"model": None},
        {"model": 5},
        {"messages": None},
        {"messages": []},
        {"messages": "hi"},
        {"messages": ["hi"]},
        {"messages": [{"role": "robot", "content": "hi"}]},
        {"messages": [{"role": ["user"], "content": "hi"}]},
        {"messages": [{"role": "user"}]},
        {"messages": [{"role": "user", "content": 5}]},
    ],
)
async def test_bad_fields_are_refused_by_name(
    client: httpx.AsyncClient, fields: dict[str, Any]
) -> None:
    error = await refused(client, body("hi", **fields), 400)
    assert next(iter(fields)) in error["message"]


@pytest.mark.parametrize(
    "fields",
    [
        {"temperature": 0, "top_p": 0, "max_tokens": 1},
        {"temperature": 2, "top_p": 1.0},
        {"temperature": None, "tools": [], "stream": None, "unknown": {"a": 1}},
    ],
)
async def test_limits_of_the_fields_are_allowed(
    client: httpx.AsyncClient, fields: dict[str, Any]
) -> None:
    answer = await ask(client, "hi", **fields)
    assert answer["choices"]


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b'"hi"', b"\xff\xfe", b'{"temperature": NaN}', b"[" * 100_000]
)
async def test_bodies_that_are_no_object_are_refused(client: httpx.AsyncClient, raw: bytes) -> None:
    response = await client.post(PATH, content=raw)
    assert (response.status_code, response.json()["error"]["code"]) == (400, "invalid_json")


async def test_a_lone_surrogate_breaks_nothing(client: httpx.AsyncClient) -> None:
    raw = b'{"model":"gpt-4o","messages":[{"role":"user","content":"a\\ud800b"}]}'
    response = await client.post(PATH, content=raw)
    assert response.status_code == 400
    assert await ask(client, "hi")


@pytest.mark.parametrize("stream_it", [False, True])
async def test_max_tokens_cuts_the_answer(client: httpx.AsyncClient, stream_it: bool) -> None:
    whole = await text_of(client, "hello")
    if stream_it:
        answer = await stream(client, "hello", max_tokens=5)
        text, reasons = answer.joined("content"), answer.finish_reasons
    else:
        choice = (await ask(client, "hello", max_tokens=5.0))["choices"][0]
        text, reasons = choice["message"]["content"], [choice["finish_reason"]]
    assert reasons == ["length"]
    assert whole.startswith(text)
    assert 0 < len(text) < 60


async def test_max_tokens_counts_reasoning_too(client: httpx.AsyncClient) -> None:
    answer = await ask(client, "think", max_tokens=3)
    assert answer["choices"][0]["message"]["content"] == ""
    assert answer["usage"]["completion_tokens_details"]["reasoning_tokens"] == 3


@pytest.mark.parametrize("path", ["/", "/v1/models", "/v1/chat/completions/", "//v1"])
async def test_other_paths_are_not_found(client: httpx.AsyncClient, path: str) -> None:
    response = await client.post(str(client.base_url).rstrip("/") + path, json=body("hi"))
    assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS"])
async def test_other_methods_are_not_allowed(client: httpx.AsyncClient, method: str) -> None:
    response = await client.request(method, PATH)
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert response.json()["error"]["code"] == "method_not_allowed"


async def test_a_body_over_the_limit_is_refused(client: httpx.AsyncClient) -> None:
    response = await client.post(PATH, content=b" " * (BODY_LIMIT + 1))
    assert response.status_code == 413
    assert "8 MB" in response.json()["error"]["message"]


async def test_a_body_at_the_limit_is_read(client: httpx.AsyncClient) -> None:
    response = await client.post(PATH, content=b"{}".ljust(BODY_LIMIT))
    assert (response.status_code, response.json()["error"]["code"]) == (400, "missing_field")

from __future__ import annotations

import json

import pytest

from conversations.upstream.request import ChatRequest, encode

MESSAGES = [
    {"role": "system", "content": "You are a helpful assistant."},
    {"role": "user", "content": "Hello, how are you?"},
]


def test_plain_example_of_the_document() -> None:
    request = ChatRequest("gpt-5.4", MESSAGES, max_tokens=1024, temperature=0.7)
    body = request.body(include_usage=True)
    assert list(body) == ["model", "messages", "max_tokens", "temperature"]
    assert body == {
        "model": "gpt-5.4",
        "messages": MESSAGES,
        "max_tokens": 1024,
        "temperature": 0.7,
    }


def test_stream() -> None:
    request = ChatRequest("gpt-4o", MESSAGES[1:], stream=True)
    assert request.body(include_usage=False) == {
        "model": "gpt-4o",
        "messages": MESSAGES[1:],
        "stream": True,
    }
    assert request.body(include_usage=True)["stream_options"] == {"include_usage": True}


def test_zero_is_set() -> None:
    request = ChatRequest("m", MESSAGES, temperature=0.0, top_p=0.0)
    assert request.body(include_usage=False)["temperature"] == 0.0
    assert "top_p" in request.body(include_usage=False)


def test_image_requests_carry_model_and_messages_only() -> None:
    request = ChatRequest("gpt-image-1", MESSAGES, stream=True, max_tokens=5, image=True)
    assert request.body(include_usage=True) == {"model": "gpt-image-1", "messages": MESSAGES}
    assert not request.is_streamed


@pytest.mark.parametrize("text", ["中文 😀", "a\ud83db"])
def test_encode(text: str) -> None:
    assert json.loads(encode({"content": text})) == {"content": text}

from __future__ import annotations

import json

import pytest

from conversations.upstream.request import ChatRequest, choice_of, definition, encode

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


TOOL = definition("get_weather", "The weather", {"type": "object", "properties": {}})


def test_tools_as_the_document_has_them() -> None:
    request = ChatRequest("gpt-4o", MESSAGES, tools=[TOOL], tool_choice="auto")
    assert request.body(include_usage=False) == {
        "model": "gpt-4o",
        "messages": MESSAGES,
        "tools": [
            {
                "type": "function",
                "function": {
                    "name": "get_weather",
                    "description": "The weather",
                    "parameters": {"type": "object", "properties": {}},
                },
            }
        ],
        "tool_choice": "auto",
    }


def test_a_choice_goes_out_only_with_tools_and_only_when_set() -> None:
    alone = ChatRequest("m", MESSAGES, tool_choice="required").body(include_usage=False)
    unset = ChatRequest("m", MESSAGES, tools=[TOOL]).body(include_usage=False)
    image = ChatRequest("m", MESSAGES, tools=[TOOL], image=True).body(include_usage=False)
    assert "tool_choice" not in alone | unset
    assert list(image) == ["model", "messages"]
    named = ChatRequest("m", MESSAGES, tools=[TOOL], tool_choice=choice_of("get_weather"))
    assert named.body(include_usage=False)["tool_choice"] == {
        "type": "function",
        "function": {"name": "get_weather"},
    }

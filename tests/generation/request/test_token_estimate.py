"""Estimates of tokens, where an upstream tells none."""

from __future__ import annotations

import pytest

from conversations.generation.request.token_estimate import (
    count_tokens,
    tokens_sent,
    tokens_written,
)
from conversations.upstream.answer.answer import Answer
from conversations.upstream.answer.parts import (
    ImagePart,
    ReasoningPart,
    TextPart,
    ToolCallPart,
    ToolResultPart,
)
from conversations.upstream.request import ChatRequest


@pytest.mark.parametrize(
    ("text", "tokens"), [("", 0), ("a", 1), ("abcd", 1), ("abcde", 2), ("你好", 2), ("你好abcd", 3)]
)
def test_four_letters_or_one_han_character_are_a_token(text: str, tokens: int) -> None:
    assert count_tokens(text) == tokens


def test_a_prompt_counts_its_text_its_calls_and_its_tools() -> None:
    plain = ChatRequest("m", [{"role": "user", "content": "abcd" * 5}])
    assert tokens_sent(plain) == 5
    calls = [{"id": "1", "function": {"name": "f", "arguments": "{}"}}]
    called = ChatRequest(
        "m", [*plain.messages, {"role": "assistant", "content": None, "tool_calls": calls}]
    )
    offered = ChatRequest("m", plain.messages, tools=[{"type": "function"}])
    assert tokens_sent(called) > 5 < tokens_sent(offered)


def test_the_data_of_an_image_is_no_text() -> None:
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64," + "A" * 9000}}
    content = [{"type": "text", "text": "abcd"}, image]
    assert tokens_sent(ChatRequest("m", [{"role": "user", "content": content}])) < 5


def test_a_model_wrote_its_text_its_reasoning_and_its_calls() -> None:
    parts = (
        ReasoningPart("abcd"),
        TextPart("abcd"),
        ToolCallPart("1", "f", "abcd"),
        ToolResultPart("1", "abcd" * 1000),
        ImagePart(digest="d"),
    )
    assert tokens_written(Answer(parts)) == 3

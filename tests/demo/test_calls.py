"""The demo calls tools as a model does, and quotes their results."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.demo.talk import PATH, ask, body
from tests.upstream.body.receive import receive

NAMES = ("current_time", "calculator", "search_conversations", "make_image", "get_weather")
TOOLS = [
    {"type": "function", "function": {"name": name, "parameters": {"type": "object"}}}
    for name in NAMES
]


@pytest.mark.parametrize(
    ("question", "calls"),
    [
        ("What time is it?", [("current_time", {})]),
        ("现在几点？", [("current_time", {})]),
        ("How much is 6 * 7?", [("calculator", {"expression": "6 * 7"})]),
        ("(1+2)^3 and the date", [("current_time", {}), ("calculator", {"expression": "(1+2)^3"})]),
        ("Search for the harbour.", [("search_conversations", {"query": "the harbour"})]),
        ("搜索港口", [("search_conversations", {"query": "港口"})]),
        ("Draw a dog", [("make_image", {"prompt": "Draw a dog"})]),
        ("画一只狗", [("make_image", {"prompt": "画一只狗"})]),
        ("Is the weather fine in Lyon?", [("get_weather", {"location": "Lyon"})]),
        ("上海的天气", [("get_weather", {"location": "上海"})]),
        ("How is the weather?", []),
        ("Write code", []),
        ("call 555-1234 or room 7", []),
    ],
)
async def test_what_is_called(
    client: httpx.AsyncClient, question: str, calls: list[tuple[str, dict[str, str]]]
) -> None:
    answer = await ask(client, question, tools=TOOLS)
    [choice] = answer["choices"]
    made = choice["message"].get("tool_calls", [])
    named = [(one["function"]["name"], json.loads(one["function"]["arguments"])) for one in made]
    assert named == calls
    assert choice["finish_reason"] == ("tool_calls" if calls else "stop")
    assert (choice["message"]["content"] is None) == bool(calls)
    assert answer["usage"]["completion_tokens"]


async def test_a_stream_has_the_calls_in_pieces(client: httpx.AsyncClient) -> None:
    asked = body("How much is 123456 * 7890 today?", tools=TOOLS, stream=True)
    response = await client.post(PATH, json=asked)
    received = receive([response.content])
    calls = received.answer.open_calls
    assert [(call.name, json.loads(call.arguments)) for call in calls] == [
        ("current_time", {}),
        ("calculator", {"expression": "123456 * 7890"}),
    ]
    assert received.facts.finish_reason == "tool_calls"


@pytest.mark.parametrize("fields", [{}, {"tools": TOOLS, "tool_choice": "none"}])
async def test_nothing_is_called_that_may_not_be(
    client: httpx.AsyncClient, fields: dict[str, Any]
) -> None:
    answer = await ask(client, "What time is it?", **fields)
    assert answer["choices"][0]["finish_reason"] == "stop"


async def test_results_are_repeated_and_cannot_act_as_markdown(client: httpx.AsyncClient) -> None:
    function = {"name": "current_time", "arguments": "{}"}
    call = {"id": "a", "type": "function", "function": function}
    messages = [
        {"role": "user", "content": "What time is it?"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "a", "content": "`12:00`\n# <b>"},
    ]
    response = await client.post(
        PATH, json={"model": "gpt-4o", "messages": messages, "tools": TOOLS}
    )
    text = response.json()["choices"][0]["message"]["content"]
    assert "- `` `12:00` # <b> ``" in text

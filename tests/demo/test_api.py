"""The documented API over a real socket: each documented example and its response."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import httpx
from PIL import Image

from tests.demo.talk import PATH, Streamed, ask, stream

PLAIN = {
    "model": "gpt-5.4",
    "messages": [
        {"role": "system", "content": "You are a helpful assistant."},
        {"role": "user", "content": "Hello, how are you?"},
    ],
    "max_tokens": 1024,
    "temperature": 0.7,
}
STREAMED = {
    "model": "gpt-4o",
    "messages": [{"role": "user", "content": "用一句话介绍自己"}],
    "stream": True,
}
TOOLS: dict[str, Any] = {
    "model": "gpt-4o",
    "messages": [{"role": "user", "content": "今天北京的天气怎么样?"}],
    "tools": [
        {
            "type": "function",
            "function": {
                "name": "get_weather",
                "description": "获取指定城市的当前天气",
                "parameters": {
                    "type": "object",
                    "properties": {
                        "location": {"type": "string", "description": "城市名称,如:北京"}
                    },
                    "required": ["location"],
                },
            },
        }
    ],
    "tool_choice": "auto",
}
MULTI_TURN = {
    "model": "gpt-4o",
    "messages": [
        {"role": "system", "content": "你是一个专业的助手。"},
        {"role": "user", "content": "什么是机器学习?"},
        {"role": "assistant", "content": "机器学习是人工智能的一个分支..."},
        {"role": "user", "content": "能举个例子吗?"},
    ],
}
IMAGE = {
    "model": "gpt-image-1",
    "messages": [{"role": "user", "content": "画一只在草地上奔跑的金毛犬"}],
}


def picture_of(image: dict[str, Any]) -> Image.Image:
    head, _, data = image["image_url"]["url"].partition(",")
    assert (image["type"], head) == ("image_url", "data:image/png;base64")
    return Image.open(io.BytesIO(base64.b64decode(data)))


async def post(client: httpx.AsyncClient, data: object) -> str:
    response = await client.post(PATH, json=data)
    assert response.status_code == 200
    text: str = response.json()["choices"][0]["message"]["content"]
    return text


async def test_the_plain_example_gets_the_documented_answer(client: httpx.AsyncClient) -> None:
    answer = (await client.post(PATH, json=PLAIN)).json()
    choice = answer["choices"][0]
    assert answer["id"].startswith("chatcmpl-")
    assert (answer["object"], answer["model"]) == ("chat.completion", "gpt-5.4")
    assert answer["created"] > 1_700_000_000
    assert (choice["index"], choice["finish_reason"]) == (0, "stop")
    assert choice["message"]["role"] == "assistant"
    assert "> `Hello, how are you?`" in choice["message"]["content"]
    assert "Messages: 2, of them yours: 1" in choice["message"]["content"]
    assert "System message: yes, 28 characters" in choice["message"]["content"]
    assert "`gpt-5.4`" in choice["message"]["content"]


async def test_usage_adds_up_and_says_its_details(client: httpx.AsyncClient) -> None:
    usage = (await ask(client, "think about math"))["usage"]
    assert usage["prompt_tokens"] == 7  # 16 bytes at 4 a token, and 3 for the message
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]
    reasoning = usage["completion_tokens_details"]["reasoning_tokens"]
    assert 0 < reasoning < usage["completion_tokens"]


async def test_the_streamed_example_gets_documented_chunks(client: httpx.AsyncClient) -> None:
    response = await client.post(PATH, json=STREAMED)
    answer = Streamed.read(response.content)
    first, *_, last = answer.chunks
    assert answer.done
    assert first["choices"] == [{"index": 0, "delta": {"role": "assistant"}, "finish_reason": None}]
    assert last["choices"] == [{"index": 0, "delta": {}, "finish_reason": "stop"}]
    assert {chunk["object"] for chunk in answer.chunks} == {"chat.completion.chunk"}
    assert len({(chunk["id"], chunk["created"], chunk["model"]) for chunk in answer.chunks}) == 1
    assert "> `用一句话介绍自己`" in answer.joined("content")
    assert not any("usage" in chunk for chunk in answer.chunks)


async def test_a_stream_says_the_same_as_the_plain_answer(client: httpx.AsyncClient) -> None:
    streamed = await stream(client, "think, then a table and 中文")
    plain = (await ask(client, "think, then a table and 中文"))["choices"][0]["message"]
    assert streamed.joined("content") == plain["content"]
    assert streamed.joined("reasoning_content") == plain["reasoning_content"]


async def test_reasoning_comes_before_the_first_word(client: httpx.AsyncClient) -> None:
    answer = await stream(client, "think")
    kinds = [next(iter(chunk["choices"][0]["delta"]), "end") for chunk in answer.chunks]
    order = list(dict.fromkeys(kinds))
    assert order == ["role", "reasoning_content", "content", "end"]
    assert kinds == sorted(kinds, key=order.index)


async def test_usage_is_the_last_chunk_when_asked_for(client: httpx.AsyncClient) -> None:
    answer = await stream(client, "hello", stream_options={"include_usage": True})
    assert answer.chunks[-1]["choices"] == []
    usage = answer.chunks[-1]["usage"]
    assert usage["completion_tokens"] == len(answer.chunks) - 3  # role, finish_reason, usage


async def test_the_tools_example_gets_the_documented_call(client: httpx.AsyncClient) -> None:
    [choice] = (await client.post(PATH, json=TOOLS)).json()["choices"]
    assert (choice["finish_reason"], choice["message"]["content"]) == ("tool_calls", None)
    [call] = choice["message"]["tool_calls"]
    assert (call["type"], call["function"]["name"]) == ("function", "get_weather")
    assert json.loads(call["function"]["arguments"]) == {"location": "北京"}
    said = [
        *TOOLS["messages"],
        choice["message"],
        {"role": "tool", "tool_call_id": call["id"], "content": "12 °C"},
    ]
    assert "12 °C" in await post(client, {**TOOLS, "messages": said})


async def test_tools_that_are_not_to_be_called_are_counted(client: httpx.AsyncClient) -> None:
    text = await post(client, {**TOOLS, "tool_choice": "none"})
    assert "提供的工具：1 个。问问时间" in text
    assert "演示无法知道天气" in text


async def test_the_multi_turn_example_is_counted(client: httpx.AsyncClient) -> None:
    text = await post(client, MULTI_TURN)
    assert "> `能举个例子吗?`" in text
    assert "消息：4 条，其中你的 2 条" in text
    assert "系统消息：有，10 个字符" in text


async def test_the_image_example_gets_a_picture_and_honest_words(client: httpx.AsyncClient) -> None:
    answer = (await client.post(PATH, json=IMAGE)).json()
    message = answer["choices"][0]["message"]
    assert "演示画的都是群山与太阳" in message["content"]
    picture = picture_of(message["images"][0])
    assert (picture.format, picture.size) == ("PNG", (1024, 768))
    again = (await client.post(PATH, json=IMAGE)).json()["choices"][0]["message"]
    assert again["images"] == message["images"]
    other = {"model": "gpt-image-1.5", "messages": [{"role": "user", "content": "a cat"}]}
    drawn = (await client.post(PATH, json=other)).json()["choices"][0]["message"]
    assert drawn["images"] != message["images"]


async def test_a_streamed_picture_comes_in_one_piece(client: httpx.AsyncClient) -> None:
    response = await client.post(PATH, json={**IMAGE, "stream": True})
    answer = Streamed.read(response.content)
    images = [chunk["choices"][0]["delta"].get("images") for chunk in answer.chunks]
    [[image]] = [found for found in images if found]
    assert picture_of(image).size == (1024, 768)


async def test_tool_results_and_parts_are_accepted(client: httpx.AsyncClient) -> None:
    messages = [
        {"role": "user", "content": "hi"},
        {"role": "assistant", "content": None, "tool_calls": []},
        {"role": "tool", "tool_call_id": "call_1", "content": "12 °C"},
        {"role": "user", "content": [{"type": "text", "text": "table please"}]},
    ]
    text = await post(client, {"model": "gpt-4o", "messages": messages})
    assert "> `table please`" in text
    assert "Messages: 4" in text

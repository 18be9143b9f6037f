"""The commands and examples of the API's documentation (`gpt-api.zh.txt`).

Only host and key are changed; each is sent with either header for the key.
"""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest

from conversations.demo.server import DemoServer
from tests.demo.talk import Streamed

DOCUMENT = Path(__file__).with_name("gpt-api.zh.txt").read_text(encoding="utf-8")
HOST = "https://api.agentpivot.ai"
CURLS = re.findall(r"curl -X POST .*?\n}'", DOCUMENT, re.DOTALL)
# The examples under "请求示例" with their numbers; the last of them is a command.
BODIES = [
    (match[1], DOCUMENT[match.end() : json.JSONDecoder().raw_decode(DOCUMENT, match.end())[1]])
    for match in re.finditer(r"(\d)\. \S+\njson\n", DOCUMENT)
]
HEADERS = ["x-api-key: {key}", "Authorization: Bearer {key}"]


def test_the_document_has_four_commands_and_four_bodies() -> None:
    assert len(CURLS) == 4
    assert [number for number, _ in BODIES] == ["1", "2", "3", "4"]


async def run(command: str) -> bytes:
    """Run a command with curl, or send the same bytes with httpx if curl is not installed."""
    arguments = shlex.split(command.replace("\\\n", " "))
    if shutil.which("curl"):
        process = await asyncio.create_subprocess_exec(
            "curl", "--silent", "--show-error", *arguments[1:], stdout=asyncio.subprocess.PIPE
        )
        output, _ = await process.communicate()
        assert process.returncode == 0
        return output
    options = list(itertools.pairwise(arguments))
    headers = [text.split(": ", 1) for name, text in options if name == "-H"]
    [data] = [text for name, text in options if name == "-d"]
    [url] = [text for text in arguments if text.startswith("http")]
    async with httpx.AsyncClient() as client:
        return (await client.post(url, headers=dict(headers), content=data.encode())).content


def ready(command: str, server: DemoServer, header: str) -> str:
    """Return the command with the demo's host and key, the key in the given header."""
    changed = command.replace(HOST, server.base_url)
    changed, count = re.subn(
        r'"x-api-key: (?:YOUR_API_KEY|\$API_KEY)"', f'"{header.format(key=server.key)}"', changed
    )
    assert count == 1
    return changed


def check(answer: bytes, asked: dict[str, Any]) -> None:
    """Check that the response has the form that is documented for such a request."""
    if asked.get("stream"):
        streamed = Streamed.read(answer)
        assert streamed.done
        assert streamed.joined("content")
        assert streamed.finish_reasons == ["stop"]
        return
    document = json.loads(answer)
    assert document["object"] == "chat.completion"
    assert document["model"] == asked["model"]
    assert document["usage"]["total_tokens"] > 0
    [choice] = document["choices"]
    message = choice["message"]
    assert message["role"] == "assistant"
    if asked.get("tools"):
        assert (choice["finish_reason"], message["content"]) == ("tool_calls", None)
        [call] = message["tool_calls"]
        assert (call["type"], call["function"]["name"]) == ("function", "get_weather")
        assert json.loads(call["function"]["arguments"]) == {"location": "北京"}
    elif asked["model"].startswith("gpt-image"):
        head, _, data = message["images"][0]["image_url"]["url"].partition(",")
        assert head == "data:image/png;base64"
        assert base64.b64decode(data).startswith(b"\x89PNG")
    else:
        assert choice["finish_reason"] == "stop"
        assert message["content"]


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("command", CURLS)
async def test_each_command_runs(server: DemoServer, command: str, header: str) -> None:
    asked = json.loads(command[command.index("-d '") + 4 : -1])
    check(await run(ready(command, server, header)), asked)


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("body", [body for _, body in BODIES])
async def test_each_example_is_answered(server: DemoServer, body: str, header: str) -> None:
    """The first command sends each documented body in place of its own."""
    first = CURLS[0]
    command = first[: first.index("-d '")] + "-d " + shlex.quote(body)
    check(await run(ready(command, server, header)), json.loads(body))


async def test_a_wrong_key_is_refused_under_either_header(server: DemoServer) -> None:
    for header in HEADERS:
        wrong = ready(CURLS[0], server, header).replace(server.key, "wrong")
        assert json.loads(await run(wrong))["error"]["code"] == "invalid_api_key"

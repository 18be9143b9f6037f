"""Helpers to send requests to the demo and to parse its responses."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx
import orjson

from conversations.demo.server import DemoServer

PATH = "/v1/chat/completions"
CHAT_MODELS = ("gpt-5", "gpt-5.4", "gpt-4o", "gpt-oss-120b")
IMAGE_MODELS = ("gpt-image-1", "gpt-image-1.5")
VOICE_MODELS = (
    "gpt-4o-mini-tts",
    "gpt-4o-realtime-preview",
    "gpt-4o-realtime-preview-2024-12-17",
    "gpt-4o-transcribe",
    "gpt-4o-transcribe-diarize",
    "gpt-realtime",
    "gpt-realtime-2025-08-28",
)
MODELS = CHAT_MODELS + IMAGE_MODELS + VOICE_MODELS


def body(question: str, **fields: Any) -> dict[str, Any]:
    return {"model": "gpt-4o", "messages": [{"role": "user", "content": question}], **fields}


async def ask(client: httpx.AsyncClient, question: str, **fields: Any) -> dict[str, Any]:
    response = await client.post(PATH, json=body(question, **fields))
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def text_of(client: httpx.AsyncClient, question: str, **fields: Any) -> str:
    text: str = (await ask(client, question, **fields))["choices"][0]["message"]["content"]
    return text


@dataclass(frozen=True)
class Streamed:
    """Return the events of a stream: every JSON object, and whether [DONE] came last."""

    chunks: list[dict[str, Any]]
    done: bool

    @classmethod
    def read(cls, raw: bytes) -> Streamed:
        *events, rest = raw.split(b"\n\n")
        assert rest == b""
        assert all(event.startswith(b"data: ") for event in events)
        payloads = [event.removeprefix(b"data: ") for event in events]
        done = bool(payloads) and payloads[-1] == b"[DONE]"
        return cls([orjson.loads(payload) for payload in payloads[: len(payloads) - done]], done)

    def joined(self, field: str) -> str:
        deltas = [chunk["choices"][0]["delta"] for chunk in self.chunks if chunk.get("choices")]
        return "".join(delta.get(field, "") for delta in deltas)

    @property
    def finish_reasons(self) -> list[str]:
        choices = [chunk["choices"][0] for chunk in self.chunks if chunk.get("choices")]
        return [choice["finish_reason"] for choice in choices if choice["finish_reason"]]


async def stream(client: httpx.AsyncClient, question: str, **fields: Any) -> Streamed:
    response = await client.post(PATH, json=body(question, stream=True, **fields))
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("text/event-stream")
    return Streamed.read(response.content)


async def closed(server: DemoServer) -> None:
    """Wait until no client is connected; TimeoutError after half a minute."""
    async with asyncio.timeout(30):
        while server.open_connections:  # noqa: ASYNC110 - the server has no event for it
            await asyncio.sleep(0.01)

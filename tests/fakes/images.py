"""The shapes in which upstreams answer with an image."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from tests.fakes.behaviours import Behaviour
from tests.fakes.reply import USAGE, Reply

# A PNG of one pixel.
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def data_uri(picture: bytes, media_type: str = "image/png") -> str:
    return f"data:{media_type};base64,{base64.b64encode(picture).decode()}"


def messages(picture: bytes) -> dict[str, dict[str, Any]]:
    """Return the message of an answer in each shape that contains the image."""
    uri, data = data_uri(picture), base64.b64encode(picture).decode()
    image = {"type": "image_url", "image_url": {"url": uri}}
    return {
        "data_uri": {"content": uri},
        "markdown": {"content": f"![a dog]({uri})"},
        "markdown_with_title": {"content": f'![a dog](<{uri}> "A dog")'},
        "parts": {"content": [image]},
        "one_part": {"content": image},
        "part_with_string": {"content": [{"type": "image_url", "image_url": uri}]},
        "part_with_b64_json": {"content": [{"type": "image", "b64_json": data}]},
        "part_with_source": {
            "content": [{"type": "image", "source": {"type": "base64", "data": data}}]
        },
        "images": {"content": None, "images": [image]},
        "images_of_strings": {"content": "", "images": [uri]},
        "images_with_b64_json": {"content": "", "images": [{"b64_json": data}]},
        "b64_json": {"content": None, "b64_json": data},
        "bare": {"content": data},
    }


def with_words(message: Mapping[str, Any], words: str) -> dict[str, Any]:
    """Return the same shape with text before the image."""
    content = message.get("content")
    if isinstance(content, dict):
        content = [content]
    if isinstance(content, list):
        return {**message, "content": [{"type": "text", "text": words}, *content]}
    return {**message, "content": f"{words}\n\n{content or ''}".strip()}


def completion(message: Mapping[str, Any], finish: str = "stop") -> bytes:
    """Return a plain completion."""
    choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": finish}
    document = {
        "id": "chatcmpl-fake",
        "object": "chat.completion",
        "created": 1700000000,
        "model": "gpt-image-1",
        "choices": [choice],
        "usage": USAGE,
    }
    return json.dumps(document).encode()


def images_endpoint(picture: bytes) -> bytes:
    """Return the response of an images endpoint, which some gateways pass on."""
    data = [{"b64_json": base64.b64encode(picture).decode()}]
    return json.dumps({"created": 1700000000, "data": data, "usage": USAGE}).encode()


def show(message: Mapping[str, Any], finish: str = "stop") -> Behaviour:
    """Answer with a plain completion of this message."""

    async def behave(reply: Reply) -> None:
        await reply.whole(completion(message, finish))

    return behave


def show_picture(picture: bytes, shape: str = "images", words: str = "") -> Behaviour:
    """Answer with an image in one of the shapes."""
    message = messages(picture)[shape]
    return show(with_words(message, words) if words else message)

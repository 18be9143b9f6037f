"""Token counts where the upstream tells none: estimates, always shown as such (≈)."""

from __future__ import annotations

import re

import orjson

from conversations.generation.request.message_files import text_of
from conversations.upstream.answer.answer import Answer, ToolCallPart
from conversations.upstream.request import ChatRequest

# About four characters of English make a token, and a Han character about one: the rule of thumb
# for the vocabularies of this API's models, whose files are not to be had offline.
_CJK = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
_CHARACTERS_PER_TOKEN = 4


def count_tokens(text: str) -> int:
    """Return the approximate number of tokens in ``text``; 0 only for an empty text."""
    wide = len(_CJK.findall(text))
    return wide + -(-(len(text) - wide) // _CHARACTERS_PER_TOKEN)


def tokens_sent(request: ChatRequest) -> int:
    """Return the approximate number of tokens of a prompt, tool definitions included."""
    texts = [text_of(message["content"]) for message in request.messages]
    calls = [message["tool_calls"] for message in request.messages if "tool_calls" in message]
    beside = [each for each in (calls, request.tools) if each]
    return count_tokens("\n".join([*texts, *(orjson.dumps(each).decode() for each in beside)]))


def tokens_written(answer: Answer) -> int:
    """Return the approximate number of tokens that models wrote, tool calls included."""
    calls = "".join(part.arguments for part in answer.step_parts if isinstance(part, ToolCallPart))
    return sum(map(count_tokens, (answer.text, answer.reasoning, calls)))

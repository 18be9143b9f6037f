"""The content of the recorded answers in tests/captures."""

from __future__ import annotations

import json
from typing import Any

from tests.fakes.behaviours import CAPTURES

INDEX: dict[str, dict[str, Any]] = json.loads((CAPTURES / "index.json").read_text())
LITELLM = "Hello from LiteLLM's mock_response: a *known* text with naïve 😀 漢字."
LLAMA = "Hello from a tiny model! This text is known."
MARKDOWN = (
    "## Title\n\n- one\n- **two**\n- `three`\n\n```python\nprint('hi')\n```\n\n"
    "| a | b |\n|---|---|\n| 1 | 2 |\n\n<script>alert(1)</script>\n[link](javascript:alert(1))"
)
TOOL_CALL = '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Paris"}}\n</tool_call>'


# name: (text, finish reason, (prompt, completion, total)), for answers with text
ANSWERS: dict[str, tuple[str, str | None, tuple[int, int, int] | None]] = {
    "litellm-json-tools": ("unused", "stop", (10, 20, 30)),
    "litellm-text": (LITELLM, "stop", None),
    "litellm-text-usage": (LITELLM, "stop", (8, 22, 30)),
    "litellm-tools": ("unused", "stop", None),
    "llamacpp-bytes": ("naïve <😀> 漢 end", "stop", None),
    "llamacpp-length": ("la lala lala la", "length", None),
    "llamacpp-logprobs": ("Hello from a tiny", "length", None),
    "llamacpp-markdown": (MARKDOWN, "stop", None),
    "llamacpp-random": ("e\\)O\\ek&R8K'x\\</think>", "length", None),
    "llamacpp-stop": ("Hello from a tiny model! This text is ", "stop", None),
    "llamacpp-text": (LLAMA, "stop", None),
    "llamacpp-text-usage": (LLAMA, "stop", None),
    "llamacpp-think-as-text": ("The answer equals 42.\n", "stop", None),
    "llamacpp-toolcall-as-text": (TOOL_CALL, "stop", None),
    "llamacpp-tools-auto": ("functions.get_weather:", "stop", None),
    "llmock-disconnect": ("Hello! LLMock handled ", None, None),
    "llmock-text": ("LLMock says hello from gpt-4o.", "stop", (1, 7, 8)),
    "llmock-truncate": ("Hello! LLMock handled ", None, None),
    "mockllm-image-images": ("Here is your image.", "stop", None),
    "mockllm-text": ("Echo from mock-llm, with no created and no usage.", "stop", None),
    "pymockllm-text": ("I do not know that. 不知道。", "stop", None),
}


# name: kind of error, for failures
ERRORS = {
    "litellm-err-budget": "quota_spent",
    "litellm-err-dead": "upstream_broken",
    "litellm-err-key": "key_refused",
    "litellm-err-model": "model_unknown",
    "litellm-err-nokey": "upstream_broken",
    "litellm-err-rate": "rate_limited",
    "llamacpp-empty": "empty_answer",
    "llamacpp-err-context-json": "context_too_long",
    "llamacpp-err-key": "key_refused",
    "llamacpp-err-xkey": "key_refused",
    "llmock-err-401": "key_refused",
    "llmock-err-429": "rate_limited",
    "llmock-err-503": "upstream_broken",
    "mockllm-err-detail-422": "upstream_broken",
    "mockllm-err-string": "upstream_broken",
    "mockllm-err-string-502": "upstream_broken",
    "mockllm-json-nochoices": "empty_answer",
    "mockllm-nochoices": "upstream_broken",
    "mockllm-toolcall-500": "upstream_broken",
}


# name: (name of the tool, its arguments or None if they are not JSON)
CALLS: dict[str, tuple[str, dict[str, str] | None]] = {
    "llamacpp-tools-forced": ("get_weather", {"city": "PqP"}),
    "llamacpp-tools-forced-json": ("get_weather", {"city": "Ǌ7\t"}),
    "llmock-badargs": ("get_weather", None),
    "llmock-toolcall": ("get_weather", {"city": "mock-city"}),
    "llmock-unknowntool": ("llmock_unknown_tool", {"city": "mock-city"}),
    "mockllm-json-toolcall": ("get_weather", {"city": "Paris"}),
}

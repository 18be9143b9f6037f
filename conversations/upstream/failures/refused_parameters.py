"""Whether an upstream's words refuse a parameter of the request, and which ones they name."""

from __future__ import annotations

import re

# Optional parameters of a request.
PARAMETERS = ("temperature", "top_p", "max_tokens", "stream", "tools", "tool_choice")
_NAMES = re.compile(rf"(?<![\w-])({'|'.join(PARAMETERS)})(?![\w-])")
# As OpenAI, Azure, LiteLLM, vLLM, Gemini and one-api put it.
_REFUSES = re.compile(
    r"unsupported|not (supported|allowed|permitted|valid)"
    r"|(does ?n[o’']t|do not|cannot) (support|accept)"
    r"|un(known|recognized|expected)|invalid|deprecated|extra_forbidden|extra inputs"
    r"|too (large|small|high)|must be|should be|out of range|only .{0,60}(allowed|supported)"
    r"|不支持|无效|非法|超出|不能"
)


def named_in(words: str) -> list[str]:
    """The parameters that an upstream's words name, in the order in which they come."""
    return list(dict.fromkeys(_NAMES.findall(words.lower())))


def is_refusal(words: str) -> bool:
    """Whether the words, in lower case, refuse a parameter."""
    return bool(_NAMES.search(words) and _REFUSES.search(words))

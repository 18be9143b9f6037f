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


# As OpenAI, Ollama, OpenRouter, LiteLLM and vLLM put it. A fault of one tool's schema is no match.
_NO_TOOLS = re.compile(
    r"(does ?n[o’']t|do not|cannot|not) support[^.]{0,60}(tool|function call)"
    r"|(unsupported|unknown|unrecognized|unexpected)( \S{1,40}){0,4}\W{0,3}\btools\b(?!\[)"
    r"|\btools\b\W{0,3}( \S{1,20}){0,2} (not (supported|allowed|permitted)|unsupported)"
    r"|extra_forbidden.{0,40}\btools\b|\btools\b.{0,40}extra inputs"
    r"|no endpoints found that support tool|(tool|function)[ _-](use|call(ing|s)?|choice) .{0,40}"
    r"(not (supported|enabled|available)|unsupported|requires)|不支持.{0,20}(工具|函数调用)"
)


def says_no_tools(words: str) -> bool:
    """Whether the words, in lower case, say that a model calls no tools."""
    return bool(_NO_TOOLS.search(words))


def named_in(words: str) -> list[str]:
    """The parameters that an upstream's words name, in the order in which they come."""
    return list(dict.fromkeys(_NAMES.findall(words.lower())))


def is_refusal(words: str) -> bool:
    """Whether the words, in lower case, refuse a parameter."""
    return bool(_NAMES.search(words) and _REFUSES.search(words))

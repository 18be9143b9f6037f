"""Whether an upstream's words say that its model reads no images."""

from __future__ import annotations

import re

_IMAGES = r"(images?|image_urls?|vision|multi-?modal)"
# In words of OpenAI, Azure, vLLM, Ollama, OpenRouter, llama.cpp, Mistral and one-api. A refusal of
# one image, for its size or its form, is none of these.
_REFUSES = re.compile(
    rf"(does ?n[o’']t|do not|cannot|can't|not|no endpoints found that) support (any )?"
    rf"(the )?({_IMAGES}|.{{0,40}}{_IMAGES} (input|content|url|part))"
    rf"|{_IMAGES}( \w+){{0,3}} (is|are) (not|only) (supported|allowed|available)"
    rf"|(unsupported|invalid|unknown) (content )?(part |item )?type:? ?[\"'`]?image"
    rf"|not a (multi-?modal|vision) model|at most 0 image"
    rf"|{_IMAGES}.{{0,20}} is not (a )?(valid|supported)|image input is not supported"
    rf"|invalid value: ['\"`]?image_url|unknown variant `image_url`"
    r"|missing.{0,20}mmproj|不支持.{0,10}(图片|图像|多模态|视觉)"
)


def is_refusal(words: str) -> bool:
    """Whether the words, in lower case, refuse images as such."""
    return _REFUSES.search(words) is not None

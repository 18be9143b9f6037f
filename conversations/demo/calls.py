"""The tool calls that the demo makes for a question, as a model would."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field

import orjson

from conversations.demo.request import DemoRequest

_TIME = re.compile(r"\b(?:time|date|today|clock)\b|几点|时间|日期|今天|星期几", re.IGNORECASE)
_SUM = re.compile(r"(?<![\w.])[(\d][\d\s().,^*/%!×÷+−-]*[\d)%!](?![\w.])")
_OPERATOR = re.compile(r"[\d)](?:\s*[+*/^%!×÷]|\s+[-−]\s)")
_SEARCH = re.compile(
    r"\b(?:search|look)(?: \w+){0,3}? for\b\s*(.+)|搜索\s*[:：]?(.+)", re.IGNORECASE
)
_QUERY_CHARACTERS = 60
_PICTURE = re.compile(r"\b(?:draw|paint|picture of|image of)\b|画", re.IGNORECASE)
_PROMPT_CHARACTERS = 500
_WEATHER = re.compile(
    r"\bweather\b(?:[\w ,]{0,20} in ([\w .'-]{1,60}))?|([\u4e00-\u9fff]{2,12}?)的?天气",
    re.IGNORECASE,
)
_DAYS = re.compile("今天|明天|后天|现在|请问")


@dataclass(frozen=True)
class DemoCall:
    """A tool call; `arguments` is JSON."""

    name: str
    arguments: str
    id: str = field(default_factory=lambda: f"call_demo_{secrets.token_hex(8)}")


def calls_for(request: DemoRequest) -> list[DemoCall]:
    """Return the calls that the question asks for, of the tools in the request.

    Results of tools lead to no further calls.
    """
    if not request.may_call or request.turns[-1].role != "user":
        return []
    wanted = {
        "current_time": _time(request.question),
        "calculator": _sum(request.question),
        "search_conversations": _search(request.question),
        "make_image": _picture(request.question),
        # The tool in the API's documentation.
        "get_weather": _weather(request.question),
    }
    return [
        DemoCall(name, orjson.dumps(arguments).decode())
        for name, arguments in wanted.items()
        if arguments is not None and name in request.tools
    ]


def _time(question: str) -> dict[str, str] | None:
    return {} if _TIME.search(question) else None


def _sum(question: str) -> dict[str, str] | None:
    found = [text for text in _SUM.findall(question[:500]) if _OPERATOR.search(text)]
    return {"expression": found[0].strip()} if found else None


def _search(question: str) -> dict[str, str] | None:
    match = _SEARCH.search(question[:500])
    words = (match[1] or match[2]).strip(" \"'“”。.?？!！")[:_QUERY_CHARACTERS] if match else ""
    return {"query": words} if words else None


def _picture(question: str) -> dict[str, str] | None:
    prompt = question[:_PROMPT_CHARACTERS].strip()
    return {"prompt": prompt} if _PICTURE.search(prompt) else None


def _weather(question: str) -> dict[str, str] | None:
    match = _WEATHER.search(question[:500])
    place = _DAYS.sub("", match[1] or match[2] or "").strip() if match else ""
    return {"location": place} if place else None

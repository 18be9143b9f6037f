"""Parsing of a request body of the documented API, reduced to what the demo uses."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

import orjson

from conversations.demo.errors import ApiError

ROLES = frozenset({"system", "developer", "user", "assistant", "tool"})
VOICE_WORDS = ("realtime", "transcribe", "tts")
IMAGE_PREFIX = "gpt-image"

_CONTINUES = re.compile(r"Your last message was cut off\. Continue it exactly where it stops")

JsonObject = dict[str, object]


@dataclass(frozen=True)
class Turn:
    """A message of the request, as text."""

    role: str
    text: str


@dataclass(frozen=True)
class DemoRequest:
    """A parsed request; without `max_tokens` there is no limit."""

    model: str
    turns: tuple[Turn, ...]
    stream: bool
    include_usage: bool
    max_tokens: int | None
    tools: frozenset[str]
    may_call: bool

    @property
    def question(self) -> str:
        """The last user message, or an empty string."""
        return next((turn.text for turn in reversed(self.turns) if turn.role == "user"), "")

    @property
    def begun(self) -> str:
        """The answer that is to be continued, as `generation/request/context.py` asks for it."""
        if len(self.turns) < 2:
            return ""
        answer, last = self.turns[-2:]
        is_begun = answer.role == "assistant" and _CONTINUES.match(last.text)
        return answer.text if is_begun else ""

    @property
    def before_continuing(self) -> DemoRequest:
        """The request whose answer was cut off."""
        return replace(self, turns=self.turns[:-2])

    @property
    def wants_image(self) -> bool:
        """Whether the model makes images."""
        return self.model.startswith(IMAGE_PREFIX)


def parse(body: bytes, *, models: Collection[str]) -> DemoRequest:
    """Parse a body. Raises ApiError: 400 if it is invalid, 404 for an unknown model."""
    data = _object(body)
    _number(data, "temperature", low=0, high=2)
    _number(data, "top_p", low=0, high=1)
    return DemoRequest(
        model=_model(data, models),
        turns=_turns(data.get("messages")),
        stream=_boolean(data, "stream"),
        include_usage=_include_usage(data.get("stream_options")),
        max_tokens=_max_tokens(data.get("max_tokens")),
        tools=_tools(data.get("tools")),
        may_call=data.get("tool_choice") != "none",
    )


def bad_request(message: str, *, code: str = "invalid_value") -> ApiError:
    """Return a 400 that says what is wrong and what is expected."""
    return ApiError(status=400, message=message, code=code)


def _object(body: bytes) -> JsonObject:
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise bad_request(
            "The request body is not valid JSON. Send one JSON object in UTF-8.",
            code="invalid_json",
        ) from error
    if not isinstance(data, dict):
        raise bad_request("The request body must be a JSON object.", code="invalid_json")
    return data


def _model(data: JsonObject, models: Collection[str]) -> str:
    name = data.get("model")
    if not isinstance(name, str) or not name:
        raise bad_request("'model' is required: the name of a model.", code="missing_field")
    if name not in models:
        raise ApiError(
            status=404,
            message=f"The model '{name[:100]}' does not exist. Choose one of the documented names.",
            code="model_not_found",
        )
    if any(word in name for word in VOICE_WORDS):
        raise bad_request(
            f"The model '{name}' works with voice or speech and is not served by "
            "/v1/chat/completions. Choose a chat model.",
            code="model_not_supported",
        )
    return name


def _turns(messages: object) -> tuple[Turn, ...]:
    if not isinstance(messages, list) or not messages:
        raise bad_request(
            "'messages' is required: a list with at least one message.", code="missing_field"
        )
    return tuple(_turn(message, place=place) for place, message in enumerate(messages))


def _turn(message: object, *, place: int) -> Turn:
    if not isinstance(message, dict):
        raise bad_request(f"messages[{place}] must be an object with 'role' and 'content'.")
    role = message.get("role")
    if not isinstance(role, str) or role not in ROLES:
        raise bad_request(f"messages[{place}].role must be one of: system, user, assistant, tool.")
    content = message.get("content")
    if content is None and role == "assistant":
        return Turn(role, "")  # a turn that only called tools
    if isinstance(content, list):
        content = " ".join(part["text"] for part in content if _is_text(part))
    if not isinstance(content, str):
        raise bad_request(f"messages[{place}].content must be a string.")
    return Turn(role, content)


def _is_text(part: object) -> bool:
    return isinstance(part, dict) and isinstance(part.get("text"), str)


def _number(data: JsonObject, name: str, *, low: int, high: int) -> None:
    value = data.get(name)
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise bad_request(f"'{name}' must be a number from {low} to {high}.")


def _boolean(data: JsonObject, name: str, *, inside: str = "") -> bool:
    value = data.get(name)
    if value is None:
        return False
    if not isinstance(value, bool):
        raise bad_request(f"'{inside}{name}' must be true or false.")
    return value


def _include_usage(options: object) -> bool:
    if options is None:
        return False
    if not isinstance(options, dict):
        raise bad_request("'stream_options' must be an object.")
    return _boolean(options, "include_usage", inside="stream_options.")


def _max_tokens(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise bad_request("'max_tokens' must be a whole number of at least 1.")
    return value


def _tools(tools: object) -> frozenset[str]:
    """Return the names of the functions that may be called."""
    if tools is None:
        return frozenset()
    if not isinstance(tools, list) or not all(isinstance(tool, dict) for tool in tools):
        raise bad_request("'tools' must be a list of tool definitions.")
    functions = [tool.get("function") for tool in tools]
    if not all(isinstance(one, dict) and isinstance(one.get("name"), str) for one in functions):
        raise bad_request("Each of 'tools' must have a 'function' with a 'name'.")
    return frozenset(one["name"] for one in functions)

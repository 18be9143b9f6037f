"""The path of messages that leads to an answer, as the upstream wants to read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from conversations.generation.request import message_files
from conversations.models import Generation, Message, TeamSettings
from conversations.queries import parameters
from conversations.queries.parameters import Setting
from conversations.queries.paths import path_to
from conversations.tools.base import Tool
from conversations.upstream.answer import history
from conversations.upstream.answer.parts import Part, from_json
from conversations.upstream.request import CHOICES, ChatRequest, ToolChoice, choice_of, definition

Turn = dict[str, Any]

# Asks for the rest of an answer that was cut off; never stored, never shown.
CONTINUE = (
    "Your last message was cut off. Continue it exactly where it stops, in the same language: "
    "repeat nothing, add no introduction."
)


@dataclass(frozen=True, slots=True)
class Basis:
    """What an answer follows, and what was set for it."""

    path: Sequence[Message]
    settings: dict[str, Setting]
    is_image: bool

    @property
    def offers_tools(self) -> bool:
        """Whether the model is told of tools."""
        return bool(_value(self.settings, "tools")) and not self.is_image


def basis_of(generation: Generation, team: TeamSettings) -> Basis:
    """Read the path above the generation's message, and what holds for an answer to its end."""
    message = generation.message
    path = path_to(message.parent_id)
    settings = parameters.for_answer(message.conversation, path[-1] if path else None, team=team)
    is_image = generation.model is not None and generation.model.makes_images
    return Basis(path, settings, is_image)


def request_for(generation: Generation, basis: Basis, tools: Mapping[str, Tool]) -> ChatRequest:
    """What is asked for ``generation``: the whole path above its message, and what was set.

    ``tools`` go out where somebody has turned them on.

    The whole history goes out on each call, nothing is dropped silently (api/README.md 12). A
    message that has text already is continued. Notes on ``generation`` where each parameter
    came from.
    """
    message, settings = generation.message, basis.settings
    generation.parameters = _account_of(settings)
    sees = generation.model is not None and generation.model.sees_images
    messages = _system(settings, message.conversation.owner.instructions)
    messages += history.repair([*_turns(basis.path, sees=sees), *_begun(message)])
    return ChatRequest(
        model=generation.model_name,
        messages=messages,
        stream=_is_streamed(generation, settings),
        max_tokens=_value(settings, "max_tokens"),
        temperature=_value(settings, "temperature"),
        top_p=_value(settings, "top_p"),
        image=basis.is_image,
        tools=_definitions(tools) if basis.offers_tools else (),
        tool_choice=_choice(_value(settings, "tool_choice"), tools),
    )


def next_round(request: ChatRequest, said: Iterable[Part], *, is_last: bool) -> ChatRequest:
    """What is asked after a round of calls: all that was asked before, and what came of it.

    What was to be called was called: only in the last round something is said of calling.
    """
    turns = history.repair([*request.messages, *history.turns_of(said)])
    return replace(request, messages=turns, tool_choice="none" if is_last else None)


def _definitions(tools: Mapping[str, Tool]) -> list[dict[str, object]]:
    return [definition(tool.name, tool.description, tool.parameters) for tool in tools.values()]


def _choice(value: str | None, tools: Mapping[str, Tool]) -> ToolChoice | None:
    """As the document has it; one function that is not there any more is no choice."""
    if value in CHOICES:
        return value
    return choice_of(value) if value is not None and value in tools else None


def prompt_text(request: ChatRequest) -> str:
    """All text that is sent, for an estimate of its tokens."""
    said = [message_files.text_of(message["content"]) for message in request.messages]
    called = [message["tool_calls"] for message in request.messages if "tool_calls" in message]
    beside = [called, request.tools]
    return "\n".join([*said, *(orjson.dumps(each).decode() for each in beside if each)])


def _system(settings: dict[str, Setting], instructions: str) -> list[Turn]:
    """The system prompt that holds, then what the person wants models to know in every chat."""
    prompt = _value(settings, "system_prompt") or ""
    content = "\n\n".join(filter(None, [prompt, instructions]))
    return [{"role": "system", "content": content}] if content else []


def _turns(path: Sequence[Message], *, sees: bool) -> list[Turn]:
    """The path, each message of a person with its files (generation/request/message_files.py).

    A person's message may be empty: then it has files.
    """
    files = message_files.by_message(path)
    turns: list[Turn] = []
    for message in path:
        if message.role == Message.Role.ASSISTANT:
            turns += history.turns_of(from_json(message.parts))
        else:
            content = message_files.content(message, files.get(message.pk, ()), sees=sees)
            turns.append({"role": message.role, "content": content})
    return turns


def _begun(message: Message) -> list[Turn]:
    """What the message has already, and the wish for its rest where it breaks off in its words."""
    turns = history.turns_of(from_json(message.parts))
    if turns and turns[-1]["role"] == "assistant" and "tool_calls" not in turns[-1]:
        turns.append({"role": "user", "content": CONTINUE})
    return turns


def _is_streamed(generation: Generation, settings: dict[str, Setting]) -> bool:
    """Unless somebody set it off, or the connection or the model answers in one piece only."""
    rows = (generation.connection, generation.model)
    if any(row is not None and row.is_plain for row in rows):
        return False
    return "stream" not in settings or bool(settings["stream"].value)


def _value(settings: dict[str, Setting], name: str) -> Any:
    setting = settings.get(name)
    return setting.value if setting else None


def _account_of(settings: dict[str, Setting]) -> dict[str, Any]:
    """Without the prompt's text: that stands where it was set."""
    return {
        name: {"source": setting.source.value}
        | ({} if name == "system_prompt" else {"value": setting.value})
        for name, setting in settings.items()
    }

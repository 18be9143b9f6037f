"""The messages that lead to an answer, and the parameters that hold for it, as a request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from conversations.generation.request import message_files
from conversations.models import Generation, LanguageModel, Message, TeamSettings
from conversations.models.messages import NO_IMAGES_FOR
from conversations.queries import parameters
from conversations.queries.parameters import Setting
from conversations.queries.paths import path_to
from conversations.tools.base import Tool
from conversations.upstream.answer import history
from conversations.upstream.answer.parts import Part, from_json
from conversations.upstream.request import CHOICES, ChatRequest, ToolChoice, choice_of, definition

ApiMessage = dict[str, Any]

# Asks for the rest of an answer that was cut off; never stored, never shown.
CONTINUE = (
    "Your last message was cut off. Continue it exactly where it stops, in the same language: "
    "repeat nothing, add no introduction."
)


@dataclass(frozen=True, slots=True)
class Basis:
    """The messages above an answer, and the parameters that hold for it."""

    path: Sequence[Message]
    settings: dict[str, Setting]
    is_image: bool
    calls_tools: bool

    @property
    def offers_tools(self) -> bool:
        """Whether the model is told of tools: unless somebody has turned them off."""
        return self.calls_tools and _value(self.settings, "tools") is not False

    @property
    def parameters(self) -> dict[str, Any]:
        """Each parameter with its source, for the record of the run.

        Without the text of the prompt, which is stored at that source.
        """
        return {
            name: {"source": setting.source.value}
            | ({} if name == "system_prompt" else {"value": setting.value})
            for name, setting in self.settings.items()
        }


def basis_of(generation: Generation, team: TeamSettings) -> Basis:
    """Read the path above the generation's message, and the parameters for an answer to its end."""
    message = generation.message
    path = path_to(message.parent_id)
    settings = parameters.for_answer(message.conversation, path[-1] if path else None, team=team)
    model = generation.model
    is_image = model is not None and model.makes_images
    return Basis(path, settings, is_image, calls_tools=model is None or model.can_call_tools)


def request_for(generation: Generation, basis: Basis, tools: Mapping[str, Tool]) -> ChatRequest:
    """Return the request of a run: the whole path above its message, with the parameters.

    The whole history is sent each time, because the API keeps none and nothing may be dropped
    silently. A message that has text already is continued. ``tools`` are sent where they are on.
    """
    message, settings = generation.message, basis.settings
    sees = generation.model is not None and _sees(generation.model, basis.path)
    messages = _system(settings, message.conversation.owner.instructions)
    messages += history.repair([*_api_messages(basis.path, sees=sees), *_begun(message)])
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


def _sees(model: LanguageModel, path: Sequence[Message]) -> bool:
    """Whether the model is sent images: not one that is known to see none, or has refused them."""
    has_refused = any(message.parameters.get(NO_IMAGES_FOR) == model.name for message in path)
    return model.may_see_images and not has_refused


def next_round(request: ChatRequest, added: Iterable[Part], *, is_last: bool) -> ChatRequest:
    """Return the request after a round of tool calls: the one before it, and what it ``added``.

    A tool choice holds for the first request only, or the model would have to call for ever; the
    last round forbids further calls.
    """
    messages = history.repair([*request.messages, *history.turns_of(added)])
    return replace(request, messages=messages, tool_choice="none" if is_last else None)


def _definitions(tools: Mapping[str, Tool]) -> list[dict[str, object]]:
    return [definition(tool.name, tool.description, tool.parameters) for tool in tools.values()]


def _choice(value: str | None, tools: Mapping[str, Tool]) -> ToolChoice | None:
    """Return the tool choice as it is sent; a function that no longer exists is no choice."""
    if value in CHOICES:
        return value
    return choice_of(value) if value is not None and value in tools else None


def _system(settings: dict[str, Setting], instructions: str) -> list[ApiMessage]:
    """Return the system prompt in force, then the user's own instructions for every chat."""
    prompt = _value(settings, "system_prompt") or ""
    content = "\n\n".join(filter(None, [prompt, instructions]))
    return [{"role": "system", "content": content}] if content else []


def _api_messages(path: Sequence[Message], *, sees: bool) -> list[ApiMessage]:
    """Return the path, each user message with its files (generation/request/message_files.py).

    A user message may have no text: then it has files.
    """
    files = message_files.by_message(path)
    messages: list[ApiMessage] = []
    for message in path:
        if message.role == Message.Role.ASSISTANT:
            messages += history.turns_of(from_json(message.parts))
        else:
            content = message_files.content(message, files.get(message.pk, ()), sees=sees)
            messages.append({"role": message.role, "content": content})
    return messages


def _begun(message: Message) -> list[ApiMessage]:
    """Return the answer so far, then CONTINUE where it breaks off in its text."""
    messages = history.turns_of(from_json(message.parts))
    if messages and messages[-1]["role"] == "assistant" and "tool_calls" not in messages[-1]:
        messages.append({"role": "user", "content": CONTINUE})
    return messages


def _is_streamed(generation: Generation, settings: dict[str, Setting]) -> bool:
    """Whether to stream: not where a user turned it off, or the server answers in one piece."""
    rows = (generation.connection, generation.model)
    if any(row is not None and row.is_plain for row in rows):
        return False
    return "stream" not in settings or bool(settings["stream"].value)


def _value(settings: dict[str, Setting], name: str) -> Any:
    setting = settings.get(name)
    return setting.value if setting else None

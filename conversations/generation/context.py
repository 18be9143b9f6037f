"""The path of messages that leads to an answer, as the upstream wants to read it."""

from __future__ import annotations

from conversations.models import Conversation, Generation, Message
from conversations.queries.paths import path_to
from conversations.upstream.request import ChatRequest

# Asks for the rest of an answer that was cut off; never stored, never shown.
CONTINUE = (
    "Your last message was cut off. Continue it exactly where it stops, in the same language: "
    "repeat nothing, add no introduction."
)


def request_for(generation: Generation) -> ChatRequest:
    """What is asked for ``generation``: the whole path above its message, and what was set.

    The whole history goes out on each call, nothing is dropped silently (api/README.md 12). A
    message that has text already is continued.
    """
    message = generation.message
    conversation = message.conversation
    messages = _messages(conversation, path_to(message.parent_id))
    if partial := _turn(message):
        messages += [partial, {"role": "user", "content": CONTINUE}]
    return ChatRequest(
        model=generation.model_name,
        messages=messages,
        stream=not _is_plain(generation),
        max_tokens=conversation.max_tokens,
        temperature=conversation.temperature,
        top_p=conversation.top_p,
        image=generation.model is not None and generation.model.makes_images,
    )


def prompt_text(request: ChatRequest) -> str:
    """All text that is sent, for an estimate of its tokens."""
    return "\n".join(str(message["content"]) for message in request.messages)


def _messages(conversation: Conversation, path: list[Message]) -> list[dict[str, str]]:
    system = {"role": "system", "content": conversation.system_prompt}
    turns = [system] if conversation.system_prompt else []
    return turns + [turn for message in path if (turn := _turn(message))]


def _turn(message: Message) -> dict[str, str] | None:
    """One turn; an answer that has no text was never given, and upstreams refuse empty ones."""
    if message.role == Message.Role.ASSISTANT and not message.text.strip():
        return None
    return {"role": message.role, "content": message.text}


def _is_plain(generation: Generation) -> bool:
    """Whether the connection or the model was set to answer in one piece."""
    return any(
        row is not None and row.is_plain for row in (generation.connection, generation.model)
    )

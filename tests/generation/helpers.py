"""Send messages, decide about tool calls, and wait for runs."""

from __future__ import annotations

from typing import Any

from conversations.actions.approvals import decide
from conversations.actions.messages import Draft, Parameters, send_message
from conversations.actions.runs import Sent
from conversations.generation.live import hub
from conversations.generation.records.approvals import Decision
from conversations.models import Conversation, Generation, LanguageModel, Message, User
from conversations.models.identifiers import new_id
from tests.conftest import wait_for
from tests.sockets import session_of

WITH_TOOLS = Parameters(tools=True)
WITHOUT_TOOLS = Parameters(tools=False)
PRODUCT = '{"expression": "6 * 7"}'


def send(
    user: User,
    text: str = "Hello",
    conversation: Conversation | None = None,
    *,
    session_key: str | None = None,
    **fields: Any,
) -> Sent:
    """Send a message to gpt-5.4; ``fields`` are more of its draft."""
    model = LanguageModel.objects.get(name="gpt-5.4")
    return send_message(
        user=user,
        conversation=conversation,
        parent_id=None,
        draft=Draft(id=new_id(), text=text, model=model, **fields),
        session_key=session_of(user) if session_key is None else session_key,
    )


def ask(
    user: User,
    text: str = "What time is it?",
    parameters: Parameters = WITH_TOOLS,
    conversation: Conversation | None = None,
) -> Sent:
    """Send a message whose answer may call tools."""
    if conversation is not None:
        conversation.refresh_from_db()
    return send(user, text, conversation, parameters=parameters)


def run_unasked(user: User, *names: str) -> None:
    """Let tools run without asking, which usually ask once in a conversation."""
    user.tool_modes = dict.fromkeys(names, "run")
    user.save()


def start_temporary(owner: User, text: str = "A secret") -> Conversation:
    """Begin a temporary conversation by its first message."""
    return send(owner, text, is_temporary=True).message.conversation


def ended(generation: Generation) -> Generation:
    """Wait until a run has ended and return it."""

    def look() -> Generation | None:
        generation.refresh_from_db()
        return None if generation.is_active else generation

    return wait_for(look)


def answer_of(sent: Sent) -> Message:
    return Message.objects.get(pk=sent.answer.pk)


def results(message: Message) -> dict[str, tuple[str, str]]:
    """Return the state and the content of each tool call that has a result."""
    return {
        part["call_id"]: (part["state"], part["content"])
        for part in message.parts
        if part["type"] == "tool_result"
    }


def resting(sent: Sent) -> Message:
    """Wait until a run waits for approval and return its answer."""

    def look() -> bool:
        sent.generation.refresh_from_db()
        return sent.generation.status == "awaiting_approval"

    wait_for(look)
    wait_for(lambda: hub.view(sent.generation.pk) is None)
    return answer_of(sent)


def gone_on(message: Message) -> Generation:
    """Wait until the newest run of an answer has ended and return it."""

    def look() -> Generation | None:
        last = Generation.objects.filter(message=message).order_by("id").last()
        return last if last and not last.is_active else None

    return wait_for(look)


def decide_call(
    user: User,
    message: Message,
    call: str = "call_1",
    *,
    is_allowed: bool = True,
    arguments: str = PRODUCT,
) -> None:
    """Allow or deny a tool call of an answer that waits for approval."""
    decide(
        user=user,
        message=message,
        call_id=call,
        decision=Decision(is_allowed, arguments),
        session_key=session_of(user),
    )

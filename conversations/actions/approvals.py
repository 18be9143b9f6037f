"""Decide whether a tool call may be run."""

from __future__ import annotations

from django.utils import timezone

from conversations import access
from conversations.actions import runs, tree
from conversations.actions.tree import BusyError
from conversations.database import transactions
from conversations.generation.records.approvals import Decision
from conversations.models import (
    Conversation,
    Generation,
    Message,
    ToolApproval,
    ToolMode,
    User,
)
from conversations.queries.http_tools import usable_tools
from conversations.queries.parameters import team_settings
from conversations.queries.tool_modes import rules_for


def decide(
    *,
    user: User,
    message: Message,
    call_id: str,
    decision: Decision,
    session_key: str,
    is_always: bool = False,
) -> Message:
    """Allow or deny one tool call; after the last decision about a message its answer goes on.

    ``is_always``: the tool asks no more in this conversation, unless the team says that it does.
    The first decision counts, from any tab or device. Raises access.NotFound, BusyError for a
    call that was decided meanwhile, and what ``runs.request_run`` raises.
    """
    with transactions.write():
        conversation = tree.lock(message.conversation)
        message = tree.reread(conversation, message)
        question, last = message.parent, message.generation
        if question is None or last is None:
            raise access.NotFound
        state = ToolApproval.State.ALLOWED if decision.is_allowed else ToolApproval.State.DENIED
        waiting = message.approvals.filter(state=ToolApproval.State.WAITING)
        now = timezone.now()
        decided = waiting.filter(call_id=call_id, expires_at__gt=now).update(
            state=state, arguments=decision.arguments, decided_at=now
        )
        if not decided:
            raise BusyError
        if is_always:
            _ask_no_more(conversation, message.approvals.get(call_id=call_id))
        if not waiting.exists():
            _go_on(user, question, message, last, session_key)
        else:
            tree.show(conversation, conversation.leaf)
        return message


def _ask_no_more(conversation: Conversation, decided: ToolApproval) -> None:
    """Lower the tool's mode here, and allow its other calls of the message.

    The mode is the one that asks once, which this approval has answered: a tool that makes another
    request later asks again.
    """
    owner, name = conversation.owner, decided.tool
    rules = rules_for(owner, [name], team=team_settings(), made=usable_tools(owner))
    if rules[name].floor == ToolMode.ALWAYS:
        return
    conversation.tool_modes = {**conversation.tool_modes, name: ToolMode.ONCE.value}
    conversation.save(update_fields=["tool_modes"])
    others = decided.message.approvals.filter(state=ToolApproval.State.WAITING, tool=name)
    others.update(state=ToolApproval.State.ALLOWED, decided_at=decided.decided_at)


def _go_on(
    user: User, question: Message, message: Message, last: Generation, session_key: str
) -> None:
    waiting = Generation.objects.filter(pk=last.pk, status=Generation.Status.AWAITING_APPROVAL)
    if not waiting.update(status=Generation.Status.COMPLETED):
        raise BusyError
    wanted_run = runs.request_run(user, last.model, last.connection, session_key)
    runs.run_again(question, message, wanted_run)

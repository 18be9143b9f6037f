"""Decide whether a tool call may be run."""

from __future__ import annotations

from django.utils import timezone

from conversations import access
from conversations.actions import runs, tree
from conversations.actions.tree import BusyError
from conversations.database import transactions
from conversations.generation.records.approvals import Decision
from conversations.models import Generation, Message, ToolApproval, User


def decide(
    *, user: User, message: Message, call_id: str, decision: Decision, session_key: str
) -> Message:
    """Allow or deny one tool call; after the last decision about a message its answer goes on.

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
        if not waiting.exists():
            _go_on(user, question, message, last, session_key)
        else:
            tree.show(conversation, conversation.leaf)
        return message


def _go_on(
    user: User, question: Message, message: Message, last: Generation, session_key: str
) -> None:
    waiting = Generation.objects.filter(pk=last.pk, status=Generation.Status.AWAITING_APPROVAL)
    if not waiting.update(status=Generation.Status.COMPLETED):
        raise BusyError
    wanted_run = runs.request_run(user, last.model, last.connection, session_key)
    runs.run_again(question, message, wanted_run)

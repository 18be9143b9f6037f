"""Answering whether a call of a tool may be run."""

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
    """Answer one question; after the last of a message its answer goes on.

    The first answer counts, from whichever tab or device. Raises access.NotFound, BusyError for
    one that was answered meanwhile, and what ``answers.ask`` raises.
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
        answered = waiting.filter(call_id=call_id, expires_at__gt=now).update(
            state=state, arguments=decision.arguments, decided_at=now
        )
        if not answered:
            raise BusyError
        if not waiting.exists():
            _go_on(user, question, message, last, session_key)
        else:
            tree.show(conversation, conversation.leaf)
        return message


def _go_on(
    user: User, question: Message, message: Message, last: Generation, session_key: str
) -> None:
    rested = Generation.objects.filter(pk=last.pk, status=Generation.Status.AWAITING_APPROVAL)
    if not rested.update(status=Generation.Status.COMPLETED):
        raise BusyError
    runs.run_again(question, message, runs.ask(user, last.model, last.connection, session_key))

"""Tool calls that wait for approval: asked about, decided, and denied after a set time.

A run that has to ask ends as ``awaiting_approval``; nothing waits in memory. The decision begins
another run of the same message. All functions are short database calls.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from conversations.models import Generation, Message, ToolApproval
from conversations.upstream.answer.parts import ToolCallPart, ToolResultPart, from_json, to_json

DENIED = "Error: the user denied this call."
NOT_ANSWERED = "Error: the user did not allow this call in time."


@dataclass(frozen=True, slots=True)
class Decision:
    """A user's decision about a tool call, and the arguments with which it is run."""

    is_allowed: bool
    arguments: str


def ask(message: Message, calls: Iterable[ToolCallPart]) -> None:
    """Store the tool calls of a run for which an approval is needed."""
    until = timezone.now() + timedelta(hours=settings.TOOL_APPROVAL_HOURS)
    ToolApproval.objects.bulk_create(
        ToolApproval(
            message=message,
            call_id=call.id,
            tool=call.name,
            arguments=call.arguments,
            expires_at=until,
        )
        for call in calls
    )


def decisions(message: Message) -> dict[str, Decision]:
    """Return the decisions about tool calls of a message, by the call's id."""
    rows = message.approvals.exclude(state=ToolApproval.State.WAITING)
    return {
        row.call_id: Decision(row.state == ToolApproval.State.ALLOWED, row.arguments)
        for row in rows
    }


def withdraw(message_id: uuid.UUID) -> None:
    """Deny what still waits, because the answer was stopped."""
    _close(ToolApproval.objects.filter(message=message_id, state=ToolApproval.State.WAITING))


def expire() -> list[Generation]:
    """End the runs whose approvals came too late, deny their tool calls, and return the runs."""
    overdue = ToolApproval.objects.filter(
        state=ToolApproval.State.WAITING, expires_at__lte=timezone.now()
    )
    messages = set(overdue.values_list("message_id", flat=True))
    waiting = Generation.objects.filter(
        message__in=messages, status=Generation.Status.AWAITING_APPROVAL
    ).select_related("message")
    ended = list(waiting)
    for generation in ended:
        _deny_open_calls(generation.message)
        withdraw(generation.message_id)
    Generation.objects.filter(pk__in=[row.pk for row in ended]).update(
        status=Generation.Status.COMPLETED, ended_at=timezone.now()
    )
    _close(overdue)
    for generation in ended:
        generation.status = Generation.Status.COMPLETED
    return ended


def _deny_open_calls(message: Message) -> None:
    parts = from_json(message.parts)
    answered = {part.call_id for part in parts if isinstance(part, ToolResultPart)}
    calls = [part for part in parts if isinstance(part, ToolCallPart) and part.id not in answered]
    denied = [ToolResultPart(call.id, NOT_ANSWERED, "denied") for call in calls]
    message.parts = to_json([*parts, *denied])
    message.save(update_fields=["parts"])


def _close(rows: QuerySet[ToolApproval]) -> None:
    rows.update(state=ToolApproval.State.DENIED, decided_at=timezone.now())

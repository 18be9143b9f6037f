"""Tool calls that nobody allowed in time are denied, and the pages that show them are told."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from conversations.generation.live import hub
from conversations.generation.records import approvals
from conversations.models import Generation, ToolApproval, User
from conversations.upkeep import expired_approvals
from conversations.upstream.answer.parts import ToolCallPart, to_json
from tests.generation.rows import leased_run
from tests.generation.sockets import FakeSocket
from tests.sockets import engine_here, off_loop

pytestmark = pytest.mark.django_db(transaction=True)


def waiting_run(owner: User, *, hours: int) -> Generation:
    """Make a run that waits for an approval for so many hours more."""
    run = leased_run(owner, status="awaiting_approval")
    call = ToolCallPart("call_1", "calculator", "{}")
    run.message.parts = to_json([call])
    run.message.save()
    approvals.ask(run.message, [call])
    until = timezone.now() + datetime.timedelta(hours=hours)
    ToolApproval.objects.filter(message=run.message).update(expires_at=until)
    return run


async def test_only_what_is_overdue_is_denied_and_told(alice: User) -> None:
    late = await off_loop(lambda: waiting_run(alice, hours=-1))
    early = await off_loop(lambda: waiting_run(alice, hours=1))
    socket = FakeSocket(alice.pk)
    async with engine_here():
        hub.watch(socket, late.message.conversation_id)
        await expired_approvals.deny()
    hub.leave(socket)
    for run in (late, early):
        await off_loop(run.refresh_from_db)
    assert (late.status, early.status) == ("completed", "awaiting_approval")
    ends = [frame for frame in socket.frames if frame["t"] == "final"]
    assert {frame["g"] for frame in ends} == {str(late.pk)}
    results = await off_loop(lambda: Generation.objects.get(pk=late.pk).message.parts)
    assert results[-1]["content"] == approvals.NOT_ANSWERED

"""The wire view of an answer: its requests and responses."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from conversations import access
from conversations.actions import audit
from conversations.queries.wire import runs_of
from conversations.views.display.wire_runs import wire_run
from conversations.views.web.permissions import administrator_required, login_required
from conversations.views.web.requests import current_user


@require_safe
@login_required
def wire(request: HttpRequest, conversation_id: uuid.UUID, message_id: uuid.UUID) -> HttpResponse:
    """Render the wire view for the conversation's owner."""
    user = current_user(request)
    conversation = access.conversation_for(user, conversation_id)
    message = access.message_for(user, conversation, message_id)
    context = {
        "conversation": conversation,
        "message": message,
        "runs": [wire_run(run, user) for run in runs_of(message)],
    }
    return render(request, "wire/page.html", context)


@require_safe
@administrator_required
def transcript_wire(
    request: HttpRequest, conversation_id: uuid.UUID, message_id: uuid.UUID
) -> HttpResponse:
    """Render the wire view of any user's answer for administrators.

    The audit entry is written first: an opening that cannot be recorded shows nothing.
    """
    user = current_user(request)
    conversation = access.conversation_to_review(user, conversation_id)
    message = access.message_for(conversation.owner, conversation, message_id, include_deleted=True)
    audit.record_opening(conversation, actor=user)
    context = {
        "conversation": conversation,
        "message": message,
        "is_own": conversation.owner_id == user.pk,
        "is_transcript": True,
        "runs": [wire_run(run, user) for run in runs_of(message)],
    }
    return render(request, "wire/page.html", context)

"""Approving or denying a tool call, from any tab or device."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from conversations import access
from conversations.actions import approvals as actions
from conversations.forms.approvals import ApprovalForm
from conversations.refusals import Refusal
from conversations.views.chat.thread_updates import page_of
from conversations.views.web.permissions import login_required
from conversations.views.web.replies import done, refuse, refuse_form
from conversations.views.web.requests import current_user, session_key


@require_POST
@login_required
def approval(
    request: HttpRequest, conversation_id: uuid.UUID, message_id: uuid.UUID
) -> HttpResponse:
    user = current_user(request)
    conversation = access.conversation_for(user, conversation_id)
    message = access.message_for(user, conversation, message_id)
    row = message.approvals.filter(call_id=request.POST.get("call", "")).first()
    if row is None:
        raise access.NotFound
    url = page_of(conversation, message.pk)
    form = ApprovalForm(request.POST, message=message, approval=row)
    if not form.is_valid():
        return refuse_form(request, form, url, code="arguments")
    try:
        actions.decide(
            user=user,
            message=message,
            call_id=row.call_id,
            decision=form.decision_made(),
            is_always=form.is_always,
            session_key=session_key(request),
        )
    except Refusal as refusal:
        return refuse(request, refusal, url)
    return done(request, url=url)

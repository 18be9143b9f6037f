"""Sending a message and stopping its answer."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from conversations import access
from conversations.actions import generations
from conversations.actions import messages as actions
from conversations.forms.messages import MessageForm
from conversations.models import Conversation
from conversations.refusals import Refusal
from conversations.views.chat import attachments
from conversations.views.chat.thread_updates import page_of, run_started
from conversations.views.web.permissions import login_required
from conversations.views.web.replies import done, refuse, refuse_text, refuse_with
from conversations.views.web.requests import current_user, session_key


@require_POST
@login_required
def conversation_create(request: HttpRequest) -> HttpResponse:
    """Start a conversation with its first message."""
    return _send(request, None, reverse("new_chat"))


@require_POST
@login_required
def message_create(request: HttpRequest, conversation_id: uuid.UUID) -> HttpResponse:
    conversation = access.conversation_for(current_user(request), conversation_id)
    return _send(request, conversation, page_of(conversation))


@require_POST
@login_required
def cancellation(request: HttpRequest, generation_id: uuid.UUID) -> HttpResponse:
    """Stop an answer; the part that has arrived is stored."""
    generation = access.generation_for(current_user(request), generation_id)
    generations.stop_generation(generation)
    return done(request, url=page_of(generation.message.conversation))


def _send(request: HttpRequest, conversation: Conversation | None, url: str) -> HttpResponse:
    user = current_user(request)
    if sentence := attachments.take_all(request):
        return refuse_with(request, status=422, code="file", message=sentence, url=url)
    form = MessageForm(request.POST, user=user, conversation=conversation)
    if not form.is_valid():
        return refuse_text(request, form, url)
    parent_id = form.cleaned_data["parent"] if conversation else None
    try:
        sent = actions.send_message(
            user=user,
            conversation=conversation,
            parent_id=parent_id,
            draft=form.draft(),
            session_key=session_key(request),
        )
    except Refusal as refusal:
        return refuse(request, refusal, url)
    return run_started(request, sent)

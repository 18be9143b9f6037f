"""Renaming, deleting and restoring a conversation, and marking it as read."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from conversations import access
from conversations.actions import conversations as actions
from conversations.forms.conversations import TitleForm
from conversations.views.web.permissions import login_required
from conversations.views.web.replies import done, refuse_form
from conversations.views.web.requests import current_user


@require_POST
@login_required
def title(request: HttpRequest, conversation_id: uuid.UUID) -> HttpResponse:
    conversation = access.conversation_for(current_user(request), conversation_id)
    url = reverse("conversation", args=[conversation.pk])
    form = TitleForm(request.POST)
    if not form.is_valid():
        return refuse_form(request, form, url, code="title")
    actions.rename(conversation, form.cleaned_data["title"])
    return done(request, url=url)


@require_POST
@login_required
def deletion(request: HttpRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """Delete a conversation and go to a page that offers to undo that."""
    actions.delete(access.conversation_for(current_user(request), conversation_id))
    return done(request, url=f"{reverse('new_chat')}?deleted={conversation_id}")


@require_POST
@login_required
def restoration(request: HttpRequest, conversation_id: uuid.UUID) -> HttpResponse:
    conversation = access.conversation_for(
        current_user(request), conversation_id, include_deleted=True
    )
    actions.restore(conversation)
    return done(request, url=reverse("conversation", args=[conversation.pk]))


@require_POST
@login_required
def reading(request: HttpRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """Mark the newest answer as read."""
    conversation = access.conversation_for(current_user(request), conversation_id)
    actions.mark_read(conversation)
    return done(request, url=reverse("conversation", args=[conversation.pk]))

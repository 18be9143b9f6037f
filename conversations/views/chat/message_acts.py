"""Changes about one message: regenerate, continue, show a version, delete, restore, fork."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from conversations import access
from conversations.actions import branches, forks, runs
from conversations.forms.language_models import ChoiceForm
from conversations.models import Message
from conversations.queries.language_models import groups_for
from conversations.queries.model_lists import asked_next
from conversations.refusals import Refusal
from conversations.upstream.failures.refused_parameters import PARAMETERS
from conversations.views.chat.conversations import shell
from conversations.views.chat.thread_updates import page_of, run_started, thread_changed
from conversations.views.web.permissions import login_required
from conversations.views.web.replies import refuse, refuse_form
from conversations.views.web.requests import (
    current_user,
    require_safe_or_post,
    session_key,
    wants_json,
)


@require_safe_or_post
@login_required
def regeneration(
    request: HttpRequest, conversation_id: uuid.UUID, message_id: uuid.UUID
) -> HttpResponse:
    """Request another version of an answer, from the conversation's model or a chosen one.

    ``without`` names what to leave out, because the upstream refused it: a parameter or images.
    GET renders a page with the models, for browsers without scripts.
    """
    user = current_user(request)
    message = _message(request, conversation_id, message_id)
    url = page_of(message.conversation)
    if request.method != "POST":
        context = {
            **shell(request, user, message.conversation),
            "message": message,
            "groups": groups_for(user),
        }
        return render(request, "conversations/regeneration.html", context)
    model, connection = asked_next(user, message.conversation), None
    if "model" in request.POST:
        form = ChoiceForm(request.POST, user=user)
        if not form.is_valid():
            return refuse_form(request, form, url, code="model")
        model, connection = form.cleaned_data["model"], form.cleaned_data["connection"]
    without = request.POST.get("without", "")
    try:
        sent = runs.regenerate(
            user=user,
            message=message,
            model=model,
            connection=connection,
            session_key=session_key(request),
            without=without if without in {*PARAMETERS, runs.IMAGES} else "",
        )
    except Refusal as refusal:
        return refuse(request, refusal, url)
    return run_started(request, sent)


@require_POST
@login_required
def continuation(
    request: HttpRequest, conversation_id: uuid.UUID, message_id: uuid.UUID
) -> HttpResponse:
    """Request the rest of an answer that was cut off."""
    message = _message(request, conversation_id, message_id)
    user, key = current_user(request), session_key(request)
    try:
        sent = runs.continue_answer(user=user, message=message, session_key=key)
    except Refusal as refusal:
        return refuse(request, refusal, page_of(message.conversation))
    return run_started(request, sent)


@require_POST
@login_required
def showing(
    request: HttpRequest, conversation_id: uuid.UUID, message_id: uuid.UUID
) -> HttpResponse:
    """Show a version of a message, with the messages that followed it."""
    message = _message(request, conversation_id, message_id)
    url = page_of(message.conversation, message.pk)
    try:
        conversation = branches.show(message)
    except Refusal as refusal:
        return refuse(request, refusal, page_of(message.conversation))
    return thread_changed(request, conversation, after=message.parent_id, page=url)


@require_POST
@login_required
def message_deletion(
    request: HttpRequest, conversation_id: uuid.UUID, message_id: uuid.UUID
) -> HttpResponse:
    """Delete a message and all that follow, and go to a page that offers to undo that."""
    message = _message(request, conversation_id, message_id)
    conversation = branches.delete(message)
    url = f"{page_of(conversation)}?deleted={message.pk}"
    return thread_changed(request, conversation, after=message.parent_id, page=url)


@require_POST
@login_required
def message_restoration(
    request: HttpRequest, conversation_id: uuid.UUID, message_id: uuid.UUID
) -> HttpResponse:
    message = _message(request, conversation_id, message_id, include_deleted=True)
    conversation = branches.restore(message)
    url = page_of(conversation, message.pk)
    return thread_changed(request, conversation, after=message.parent_id, page=url)


@require_POST
@login_required
def fork(request: HttpRequest, conversation_id: uuid.UUID, message_id: uuid.UUID) -> HttpResponse:
    """Copy the branch up to a message to a new conversation."""
    message = _message(request, conversation_id, message_id)
    try:
        copy = forks.fork(message)
    except Refusal as refusal:
        return refuse(request, refusal, page_of(message.conversation))
    if not wants_json(request):
        return HttpResponseRedirect(page_of(copy))
    return JsonResponse({"url": page_of(copy)}, status=201)


def _message(
    request: HttpRequest,
    conversation_id: uuid.UUID,
    message_id: uuid.UUID,
    *,
    include_deleted: bool = False,
) -> Message:
    user = current_user(request)
    conversation = access.conversation_for(user, conversation_id)
    return access.message_for(user, conversation, message_id, include_deleted=include_deleted)

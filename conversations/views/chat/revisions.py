"""Revising: another version of a message, or of an answer."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from conversations import access
from conversations.actions import messages as actions
from conversations.actions.messages import Revision
from conversations.forms.messages import RevisionForm
from conversations.models import Message, User
from conversations.queries.messages import ending_with
from conversations.queries.model_lists import asked_next
from conversations.refusals import Refusal
from conversations.views.chat.conversations import shell
from conversations.views.chat.thread_updates import page_of, run_started, thread_changed
from conversations.views.display.articles import articles_of
from conversations.views.web.permissions import login_required
from conversations.views.web.replies import refuse, refuse_text
from conversations.views.web.requests import current_user, require_safe_or_post, session_key


@require_safe_or_post
@login_required
def revision(
    request: HttpRequest, conversation_id: uuid.UUID, message_id: uuid.UUID
) -> HttpResponse:
    """Add a version of a message with another text. GET renders the form.

    A message that was deleted meanwhile is found too, so that the new text is not lost.
    """
    user = current_user(request)
    conversation = access.conversation_for(user, conversation_id)
    message = access.message_for(user, conversation, message_id, include_deleted=True)
    if request.method != "POST":
        (article,) = articles_of(ending_with(message), user)
        context = {**shell(request, user, conversation), "message": article}
        return render(request, "conversations/revision.html", context)
    form = RevisionForm(request.POST)
    if not form.is_valid():
        return refuse_text(request, form, request.get_full_path())
    if message.role == Message.Role.USER:
        return _ask(request, user, message, form.revision())
    return _rewrite(request, message, form.revision())


def _ask(request: HttpRequest, user: User, message: Message, written: Revision) -> HttpResponse:
    model, key = asked_next(user, message.conversation), session_key(request)
    try:
        sent = actions.revise_question(
            user=user, message=message, revision=written, model=model, session_key=key
        )
    except Refusal as refusal:
        return refuse(request, refusal, page_of(message.conversation))
    return run_started(request, sent)


def _rewrite(request: HttpRequest, message: Message, written: Revision) -> HttpResponse:
    try:
        version = actions.revise_answer(message=message, revision=written)
    except Refusal as refusal:
        return refuse(request, refusal, request.get_full_path())
    url = page_of(version.conversation, version.pk)
    return thread_changed(request, version.conversation, after=version.parent_id, page=url)

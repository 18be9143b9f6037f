"""Responses to a page whose own request has changed its thread: the HTML of the new part."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse

from conversations.actions.runs import Sent
from conversations.models import Conversation
from conversations.queries import messages
from conversations.views.display.articles import articles_of, render_articles
from conversations.views.display.refusal_sentences import limit_warning
from conversations.views.web.requests import current_user, wants_json


def page_of(conversation: Conversation, message_id: uuid.UUID | None = None) -> str:
    """Return the URL of a conversation, or of a message in it."""
    url = reverse("conversation", args=[conversation.pk])
    return f"{url}#m-{message_id}" if message_id else url


def thread_changed(
    request: HttpRequest,
    conversation: Conversation,
    /,
    *,
    after: uuid.UUID | None,
    page: str,
    status: int = 200,
    **more: object,
) -> HttpResponse:
    """Return the thread from the message ``after`` on (None: from its beginning) as JSON.

    ``html`` is null if that is more than a page: the script then fetches the thread. ``more`` joins
    the JSON. A plain form is redirected to ``page``.
    """
    if not wants_json(request):
        return HttpResponseRedirect(page)
    stretch = messages.beginning_with(conversation, after)
    html = None
    if stretch is not None:
        html = render_articles(request, articles_of(stretch, current_user(request)))
    thread = {"after": after, "html": html, "revision": conversation.revision}
    return JsonResponse({**thread, **more}, status=status)


def run_started(request: HttpRequest, sent: Sent) -> HttpResponse:
    """Return the thread from a message on that is being answered, with the ids of its run."""
    conversation = sent.message.conversation
    return thread_changed(
        request,
        conversation,
        after=sent.message.parent_id,
        page=page_of(conversation),
        status=201,
        conversation=conversation.pk,
        url=page_of(conversation),
        message=sent.message.pk,
        answer=sent.answer.pk,
        generation=sent.generation.pk,
        notice=limit_warning(sent.quota),
    )

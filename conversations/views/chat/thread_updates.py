"""What a page is told whose own act has changed the thread: HTML for the part that is new."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse

from conversations.actions.runs import Sent
from conversations.models import Conversation
from conversations.queries import messages
from conversations.views.display import articles
from conversations.views.web.refusals import REFUSALS, notice_of, refuse_act
from conversations.views.web.replies import current_user, wants_json


def page_of(conversation: Conversation, message_id: uuid.UUID | None = None) -> str:
    """The address of a conversation, or of a message in it."""
    url = reverse("conversation", args=[conversation.pk])
    return f"{url}#m-{message_id}" if message_id else url


def changed(
    request: HttpRequest,
    conversation: Conversation,
    /,
    *,
    after: uuid.UUID | None,
    page: str,
    status: int = 200,
    **more: object,
) -> HttpResponse:
    """The thread from the message ``after`` on (None: from its beginning), as it is now.

    ``html`` is null where that is more than a page: the thread has to be fetched. A plain form
    goes to ``page``.
    """
    if not wants_json(request):
        return HttpResponseRedirect(page)
    stretch = messages.beginning_with(conversation, after)
    html = None
    if stretch is not None:
        html = articles.articles(request, articles.shown(stretch, current_user(request)))
    thread = {"after": after, "html": html, "revision": conversation.revision}
    return JsonResponse({**thread, **more}, status=status)


def answered(request: HttpRequest, act: Callable[[], Sent], url: str) -> HttpResponse:
    """Do what asks for an answer, and show that on its way; or say why it cannot be had."""
    try:
        sent = act()
    except REFUSALS as error:
        return refuse_act(request, error, url)
    conversation = sent.message.conversation
    return changed(
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
        notice=notice_of(sent.quota),
    )

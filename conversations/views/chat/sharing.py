"""Making share links to a conversation."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from conversations import access
from conversations.actions import sharing as actions
from conversations.forms.sharing import ShareForm
from conversations.models import Conversation, SharingPolicy
from conversations.queries import sharing as queries
from conversations.refusals import Refusal
from conversations.views.web.addresses import site_address
from conversations.views.web.permissions import login_required
from conversations.views.web.replies import done, refuse, refuse_form
from conversations.views.web.requests import current_user, require_safe_or_post


@require_safe_or_post
@login_required
def sharing(request: HttpRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """Make a link. GET renders the form and the links, with ``?as=dialog`` without a page."""
    conversation = access.conversation_for(current_user(request), conversation_id)
    if request.method == "POST":
        return _share(request, conversation)
    template = "share/_sharing.html" if request.GET.get("as") == "dialog" else "share/sharing.html"
    context = {
        "conversation": conversation,
        "form": ShareForm(initial={"message": conversation.leaf_id}),
        "links": queries.links_to(conversation),
        "audience": SharingPolicy.in_force().value,
        "address": site_address(request),
    }
    return render(request, template, context)


def _share(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    url = reverse("sharing", args=[conversation.pk])
    form = ShareForm(request.POST)
    if not form.is_valid():
        return refuse_form(request, form, url, code="invalid")
    user = current_user(request)
    until = access.message_for(user, conversation, form.cleaned_data["message"])
    try:
        actions.share(conversation, until=until, user=user, terms=form.terms())
    except Refusal as refusal:
        return refuse(request, refusal, url)
    return done(request, url=url)

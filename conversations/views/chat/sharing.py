"""The dialog that makes a link to a conversation."""

from __future__ import annotations

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from conversations import access
from conversations.actions import sharing as actions
from conversations.forms.sharing import ShareForm
from conversations.models import Conversation, SharingPolicy
from conversations.queries import sharing as queries
from conversations.views.web.addresses import site_address
from conversations.views.web.replies import current_user, done, refuse


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sharing(request: HttpRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """Make a link, and see those there are; ``?as=dialog`` leaves out the page round it."""
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
        message = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return refuse(request, status=422, code="invalid", message=message, url=url)
    user = current_user(request)
    until = access.message_for(user, conversation, form.cleaned_data["message"])
    try:
        actions.share(conversation, until=until, user=user, terms=form.terms())
    except actions.SharingOffError:
        message = _("An administrator has turned sharing off.")
        return refuse(request, status=403, code="sharing_off", message=message, url=url)
    except actions.TemporaryError:
        message = _("A temporary conversation can’t be shared. Export it to keep what it says.")
        return refuse(request, status=409, code="temporary", message=message, url=url)
    except actions.NothingToShareError:
        message = _("There is nothing to share yet. Wait for the reply, then try again.")
        return refuse(request, status=409, code="nothing", message=message, url=url)
    return done(request, url=url)

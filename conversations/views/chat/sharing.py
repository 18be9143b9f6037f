"""What a person does about links to their own conversations, and whom administrators let in."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations import access
from conversations.actions import sharing as actions
from conversations.forms.sharing import PolicyForm, ShareForm
from conversations.models import Conversation, SharingPolicy
from conversations.queries import sharing as queries
from conversations.views.web.permissions import administrator_required
from conversations.views.web.replies import done, person, refuse

PAGE_SIZE = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sharing(request: HttpRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """Make a link, and see those there are; ``?as=dialog`` leaves out the page round it."""
    conversation = access.conversation_for(person(request), conversation_id)
    if request.method == "POST":
        return _share(request, conversation)
    template = "share/_sharing.html" if request.GET.get("as") == "dialog" else "share/sharing.html"
    context = {
        "conversation": conversation,
        "form": ShareForm(initial={"message": conversation.leaf_id}),
        "links": queries.links_to(conversation),
        "audience": SharingPolicy.in_force().value,
        "address": share_address(request),
    }
    return render(request, template, context)


@login_required
@require_POST
def revocation(request: HttpRequest, link_id: uuid.UUID) -> HttpResponse:
    """End a link."""
    link = access.own_share_link(person(request), link_id)
    actions.revoke(link, user=person(request))
    messages.success(request, _("The link was revoked."))
    return done(request, url=reverse("settings_sharing"))


@login_required
@require_safe
def settings_sharing(request: HttpRequest) -> HttpResponse:
    """Settings → Shared links: the person's own, and for administrators the policy."""
    audience = SharingPolicy.in_force()
    links = Paginator(queries.links_of(person(request)), PAGE_SIZE)
    context = {
        "audience": audience.value,
        "audience_label": audience.label,
        "page": links.get_page(request.GET.get("page")),
        "policy": PolicyForm(initial={"audience": audience.value}),
        "address": share_address(request),
    }
    return render(request, "settings/sharing.html", context)


@require_POST
@administrator_required
def policy(request: HttpRequest) -> HttpResponse:
    """Decide who can open links."""
    form, url = PolicyForm(request.POST), reverse("settings_sharing")
    if not form.is_valid():
        message = _("That choice is not offered. Reload the page and choose again.")
        return refuse(request, status=422, code="audience", message=message, url=url)
    audience = SharingPolicy.Audience(form.cleaned_data["audience"])
    actions.change_audience(audience, actor=person(request))
    messages.success(request, _("Saved"))
    return redirect(url)


def share_address(request: HttpRequest) -> str:
    """What stands before the path of a link that is passed on."""
    return settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")


def _share(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    url = reverse("sharing", args=[conversation.pk])
    form = ShareForm(request.POST)
    if not form.is_valid():
        message = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return refuse(request, status=422, code="invalid", message=message, url=url)
    user = person(request)
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

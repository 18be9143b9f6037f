"""Settings → Shared links: a user's own links, and the team's policy for administrators."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conversations import access
from conversations.actions import sharing as actions
from conversations.forms.sharing import PolicyForm
from conversations.models import SharingPolicy
from conversations.queries import sharing as queries
from conversations.views.web.addresses import site_address
from conversations.views.web.permissions import administrator_required, login_required
from conversations.views.web.replies import done, refuse_with
from conversations.views.web.requests import current_user

PAGE_SIZE = 50


@require_POST
@login_required
def revocation(request: HttpRequest, link_id: uuid.UUID) -> HttpResponse:
    """End a link."""
    link = access.own_share_link(current_user(request), link_id)
    actions.revoke(link, user=current_user(request))
    messages.success(request, _("The link was revoked."))
    return done(request, url=reverse("settings_sharing"))


@require_safe
@login_required
def settings_sharing(request: HttpRequest) -> HttpResponse:
    """List the user's links, and for administrators the policy."""
    audience = SharingPolicy.in_force()
    links = Paginator(queries.links_of(current_user(request)), PAGE_SIZE)
    context = {
        "audience": audience.value,
        "audience_label": audience.label,
        "page": links.get_page(request.GET.get("page")),
        "policy": PolicyForm(initial={"audience": audience.value}),
        "address": site_address(request),
    }
    return render(request, "settings/sharing.html", context)


@require_POST
@administrator_required
def policy(request: HttpRequest) -> HttpResponse:
    """Set who can open links."""
    form, url = PolicyForm(request.POST), reverse("settings_sharing")
    if not form.is_valid():
        message = _("That choice is not offered. Reload the page and choose again.")
        return refuse_with(request, status=422, code="audience", message=message, url=url)
    audience = SharingPolicy.Audience(form.cleaned_data["audience"])
    actions.change_audience(audience, actor=current_user(request))
    messages.success(request, _("Saved"))
    return redirect(url)

"""The first step of the set-up: the first administrator."""

from __future__ import annotations

import ipaddress

from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from conversations.actions.setup import create_first_administrator, is_right_code
from conversations.database import transactions
from conversations.forms.setup import AdministratorForm
from conversations.queries.people import has_people
from conversations.refusals import Refusal
from conversations.views.web.replies import refuse
from conversations.views.web.requests import posted, require_safe_or_post


@sensitive_post_parameters("password", "code")
@require_safe_or_post
def setup(request: HttpRequest) -> HttpResponse:
    """Create the first administrator. GET renders the form."""
    if has_people():
        return redirect(settings.LOGIN_REDIRECT_URL)
    needs_code = not is_from_this_computer(request)
    form = AdministratorForm(posted(request), needs_code=needs_code)
    if form.is_valid() and (not needs_code or _accepts_code(request, form)):
        return _create(request, form)
    status = 422 if form.is_bound else 200
    return render(request, "setup/administrator.html", {"form": form}, status=status)


def is_from_this_computer(request: HttpRequest) -> bool:
    """Whether peer and Host are loopback and no proxy is involved: then no code is needed.

    A site with PUBLIC_URL always asks, because a forwarder may add no header.
    """
    if settings.PUBLIC_URL or settings.TRUSTED_PROXIES:
        return False
    host, _port = split_domain_port(request.get_host())
    return (
        not request.was_forwarded  # type: ignore[attr-defined]
        and _is_loopback(request.META.get("REMOTE_ADDR", ""))
        and (host == "localhost" or _is_loopback(host.strip("[]")))
    )


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _accepts_code(request: HttpRequest, form: AdministratorForm) -> bool:
    """Whether the code is right. After some wrong ones an address has to wait.

    The limit is settings.ACCOUNT_RATE_LIMITS["setup_code"].
    """
    if not ratelimit.consume(request, action="setup_code", dry_run=True):
        form.add_error("code", _("Too many wrong codes. Wait a minute, then try again."))
        return False
    if is_right_code(form.cleaned_data["code"]):
        return True
    ratelimit.consume(request, action="setup_code")
    form.add_error("code", _("That isn’t the code. Copy it from the server’s log."))
    return False


def _create(request: HttpRequest, form: AdministratorForm) -> HttpResponse:
    try:
        user = create_first_administrator(
            email=form.cleaned_data["email"],
            name=form.cleaned_data["name"],
            password=form.cleaned_data["password"],
        )
    except Refusal as refusal:
        return refuse(request, refusal, reverse("account_login"))
    with transactions.write():
        login(request, user)
    return redirect("setup_connection")

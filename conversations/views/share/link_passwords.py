"""The password of a share link: asked once in a session, with limits against guessing."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.contrib.auth.hashers import check_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from conversations.forms.sharing import LinkPasswordForm
from conversations.models import ShareLink
from conversations.views.web.requests import posted

SESSION_KEY = "unlocked_links"
# A session remembers so many unlocked links; the oldest are forgotten.
REMEMBERED = 50


def is_unlocked(request: HttpRequest, link: ShareLink) -> bool:
    """Whether the link has no password, or the session has given it, or the user made the link."""
    if not link.password or link.sharer_id == request.user.pk:
        return True
    return str(link.pk) in request.session.get(SESSION_KEY, [])


def unlock(request: HttpRequest, link: ShareLink) -> HttpResponse:
    """Render the form of the password, or check it and redirect to the link."""
    form = LinkPasswordForm(posted(request))
    if not form.is_bound:
        return _ask(request, form, 200)
    if not _may_try(request, link, dry_run=True):
        form.add_error(None, _("Too many wrong passwords. Wait five minutes, then try again."))
        return _ask(request, form, 429)
    if form.is_valid() and check_password(form.cleaned_data["password"], link.password):
        known = request.session.get(SESSION_KEY, [])
        request.session[SESSION_KEY] = [*known, str(link.pk)][-REMEMBERED:]
        return redirect("shared", token=link.token)
    if not form.errors:
        _may_try(request, link, dry_run=False)
        form.add_error("password", _("Wrong password."))
    return _ask(request, form, 422)


def _ask(request: HttpRequest, form: LinkPasswordForm, status: int) -> HttpResponse:
    return render(request, "share/locked.html", {"form": form}, status=status)


def _may_try(request: HttpRequest, link: ShareLink, *, dry_run: bool) -> bool:
    """Whether another try is allowed, by a limit for each address and a wider one for all."""
    here = f"{get_adapter().get_client_ip(request)} {link.pk}"
    keys = {"share_password_here": here, "share_password": str(link.pk)}
    allowed = [
        ratelimit.consume(request, action=action, key=key, dry_run=dry_run)
        for action, key in keys.items()
    ]
    return all(allowed)

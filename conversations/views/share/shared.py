"""Shared snapshots, for everybody whom the policy allows, also without an account."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from conversations import access
from conversations.actions import sharing as actions
from conversations.models import ShareLink, User
from conversations.queries import sharing as queries
from conversations.views.display.shared_articles import shared_articles
from conversations.views.share.link_passwords import is_unlocked, unlock
from conversations.views.web.addresses import site_address
from conversations.views.web.files import file_response
from conversations.views.web.permissions import login_required
from conversations.views.web.requests import current_user, require_safe_or_post

View = Callable[..., HttpResponseBase]


def _not_indexed(view: View) -> View:
    """Keep the page out of search engines; redirect to the sign-in if the link needs one."""

    @functools.wraps(view)
    def answer(request: HttpRequest, token: str, **ids: uuid.UUID) -> HttpResponseBase:
        try:
            response = view(request, token, **ids)
        except access.SignInRequired:
            response = redirect_to_login(reverse("shared", args=[token]))
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return answer


@_not_indexed
@require_safe_or_post
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """Render the snapshot, after the position ``?after=``, or the form of its password."""
    link = _link(request, token)
    if not is_unlocked(request, link):
        return unlock(request, link)
    if request.method == "POST":
        return redirect("shared", token=token)
    after = request.GET.get("after", "")
    # A longer number is none of ours, because a position has at most nine digits.
    stretch = queries.stretch(link, after=int(after) if _is_position(after) else None)
    context = {
        "link": link,
        "url": site_address(request) + reverse("shared", args=[token]),
        "messages_shown": shared_articles(stretch),
        "has_more": stretch.has_more,
        "facts": queries.facts(link),
    }
    return render(request, "share/page.html", context)


@_not_indexed
@require_safe
def shared_file(request: HttpRequest, token: str, attachment_id: uuid.UUID) -> HttpResponse:
    """Serve a file of the snapshot."""
    link = _link(request, token)
    if not is_unlocked(request, link):
        return redirect("shared", token=token)
    row = access.shared_file_for(link, attachment_id)
    return file_response(row, is_small="thumbnail" in request.GET)


@_not_indexed
@require_POST
@login_required
def shared_copy(request: HttpRequest, token: str) -> HttpResponse:
    """Copy the snapshot to a conversation of the user."""
    link = _link(request, token)
    if not is_unlocked(request, link):
        return redirect("shared", token=token)
    copy = actions.keep_copy(link, user=current_user(request))
    return HttpResponseRedirect(reverse("conversation", args=[copy.pk]))


def _link(request: HttpRequest, token: str) -> ShareLink:
    user = request.user if isinstance(request.user, User) else None
    return access.share_link_for(user, token)


def _is_position(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9

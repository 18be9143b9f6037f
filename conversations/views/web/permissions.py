"""Decorators for pages of users who are signed in, and of administrators."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from conversations.views.web import returned_form
from conversations.views.web.requests import wants_json

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def login_required(view: View[P]) -> View[P]:
    """Redirect visitors to the sign-in page, and from there to the page on which they were.

    Django's own decorator leads back to the address of a form, which has no page. A message that a
    plain form sent comes back, so that an expired session does not lose it.
    """

    @functools.wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if returned_form.carries_message(request):
            return returned_form.page(
                request,
                status=401,
                message=_("You are signed out. Sign in in another tab, then send this again."),
                template="unsent_signed_out.html",
            )
        if wants_json(request) or request.htmx:  # type: ignore[attr-defined]
            # A script would follow a redirect and take the sign-in page for its answer.
            return HttpResponse(status=401)
        is_reading = request.method in {"GET", "HEAD"}
        return redirect_to_login(request.get_full_path() if is_reading else _page_of(request))

    return guarded


def administrator_required(view: View[P]) -> View[P]:
    """Redirect visitors to the sign-in page, and answer 403 to members."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not (request.user.is_authenticated and request.user.is_administrator):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return login_required(guarded)


def _page_of(request: HttpRequest) -> str:
    """Return the page of the form, by its Referer; the first page if that is not of this site."""
    referer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(
        referer, {request.get_host()}, require_https=request.is_secure()
    ):
        return settings.LOGIN_REDIRECT_URL
    return urlsplit(referer)._replace(scheme="", netloc="", fragment="").geturl() or "/"

"""How the POST views answer: JSON to our script, a redirect to a plain form."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme

from conversations.models import User


def current_user(request: HttpRequest) -> User:
    """Who asks. Behind ``login_required``."""
    return cast("User", request.user)


def session_key(request: HttpRequest) -> str:
    """The session that asks."""
    return request.session.session_key or ""


def wants_json(request: HttpRequest) -> bool:
    """Whether our script asks."""
    return request.headers.get("Accept", "") == "application/json"


def refuse(
    request: HttpRequest,
    *,
    status: int,
    code: str,
    message: str | Promise,
    url: str,
    field: str = "",
) -> HttpResponse:
    """Say why not, in the user's language; a plain form comes back to its page with that.

    ``field`` is the name of the field that the message is about, for the script to lead there.
    """
    if wants_json(request):
        error = {"code": code, "message": str(message)} | ({"field": field} if field else {})
        return JsonResponse({"error": error}, status=status)
    messages.error(request, str(message))
    return HttpResponseRedirect(url)


def done(request: HttpRequest, *, url: str) -> HttpResponse:
    """Nothing to say: the page is told by its socket, a plain form goes on to ``url``."""
    return HttpResponse(status=204) if wants_json(request) else HttpResponseRedirect(url)


def next_page(request: HttpRequest, otherwise: str) -> str:
    """The page that the form names as ``next``; never another site's."""
    url = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return url if is_ours else otherwise

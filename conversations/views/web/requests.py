"""Helpers that read a request."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from conversations.models import User

require_safe_or_post = require_http_methods(["GET", "HEAD", "POST"])


def current_user(request: HttpRequest) -> User:
    """Return the user who is signed in. Only behind ``login_required``."""
    return cast("User", request.user)


def session_key(request: HttpRequest) -> str:
    """Return the key of the request's session; "" for a session that is not stored."""
    return request.session.session_key or ""


def wants_json(request: HttpRequest) -> bool:
    """Whether one of our scripts sent the request, and not a plain form."""
    return request.headers.get("Accept", "") == "application/json"


def posted(request: HttpRequest) -> QueryDict | None:
    """Return the data for a form: None, which leaves it unbound, unless this is a POST."""
    return request.POST if request.method == "POST" else None


def next_page(request: HttpRequest, otherwise: str) -> str:
    """Return the page that the form names as ``next``, unless it is on another site."""
    url = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return url if is_ours else otherwise

"""Django's handlers for failures outside of views: 400, 403 for CSRF, 500 and 503."""

from __future__ import annotations

import sys

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.utils.translation import gettext as _
from django.views import csrf, defaults

from conversations.database import transactions
from conversations.views.web import returned_form
from conversations.views.web.requests import wants_json

RETRY_AFTER = "5"  # seconds


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 503 with a sentence if the database is unavailable, else 500.

    A handler and not a middleware, because middlewares use the database too (sessions, users). Both
    pages render without it. Django has logged the exception and is still handling it.
    """
    error = sys.exc_info()[1]
    if error is None or not transactions.is_outage(error):
        return defaults.server_error(request)
    answer = _json() if wants_json(request) else _page(request)
    answer.headers["Retry-After"] = RETRY_AFTER
    return answer


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400. If the host is not configured, the page says how to do that."""
    is_elsewhere = isinstance(exception, DisallowedHost)
    context = {"host": request.META.get("HTTP_HOST", "") if is_elsewhere else ""}
    return HttpResponse(loader.get_template("400.html").render(context), status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403. A message from a page that is older than the sign-in comes back to be sent again.

    A message from another site (a reason about Origin or Referer) does not.
    """
    if reason.startswith("CSRF") and returned_form.carries_message(request):
        return returned_form.page(
            request,
            status=403,
            message=_(
                "You signed in or out since the page was opened. Your text is kept: send it again."
            ),
        )
    return csrf.csrf_failure(request, reason)


def _json() -> HttpResponse:
    return JsonResponse({"error": {"code": "database", "message": _unsaved()}}, status=503)


def _page(request: HttpRequest) -> HttpResponse:
    is_reading = request.method in {"GET", "HEAD"}
    if not is_reading and returned_form.carries_message(request):
        return returned_form.page(request, status=503, message=_unsaved(), template="503.html")
    context = {"message": _unreadable() if is_reading else _unsaved()}
    return HttpResponse(loader.get_template("503.html").render(context), status=503)


def _unsaved() -> str:
    return _(
        "The database isn’t available, so this wasn’t saved. Your text is kept: send "
        "it again in a moment. If this keeps happening, tell an administrator."
    )


def _unreadable() -> str:
    return _(
        "Nothing you wrote is lost. Try again in a moment. If this keeps happening, "
        "tell an administrator."
    )

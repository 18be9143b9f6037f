"""What is answered when something failed that no view expected (Django's handler500)."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template import loader
from django.utils.translation import gettext as _
from django.views import defaults

from conversations.generation import db
from conversations.views.answers import wants_json

RETRY_AFTER = "5"  # seconds
# A plain form that carries a message is offered again with it; others may carry passwords.
MESSAGE_FIELD = "text"


def server_error(request: HttpRequest) -> HttpResponse:
    """503 with a sentence when the database cannot serve, else the page for a fault of ours.

    A handler and not a middleware: the database is asked in middleware too (sessions, people).
    Neither page asks it anything. Django has logged the exception and is still handling it.
    """
    error = sys.exc_info()[1]
    if error is None or not db.is_outage(error):
        return defaults.server_error(request)
    answer = _json() if wants_json(request) else _page(request)
    answer.headers["Retry-After"] = RETRY_AFTER
    return answer


def _json() -> HttpResponse:
    return JsonResponse({"error": {"code": "database", "message": _unsaved()}}, status=503)


def _page(request: HttpRequest) -> HttpResponse:
    is_reading = request.method in {"GET", "HEAD"}
    context = {
        "message": _unreadable() if is_reading else _unsaved(),
        "action": request.get_full_path(),
        "csrf_token": get_token(request),
        "fields": [] if is_reading else _fields(request),
    }
    return HttpResponse(loader.get_template("503.html").render(context), status=503)


def _fields(request: HttpRequest) -> list[tuple[str, str]]:
    if MESSAGE_FIELD not in request.POST:
        return []
    ours = "csrfmiddlewaretoken"
    return [(name, str(value)) for name, value in request.POST.items() if name != ours]


def _unsaved() -> str:
    return _(
        "The database cannot serve right now, so this was not saved. Your text is kept: send it "
        "again in a moment. If this goes on, tell an administrator."
    )


def _unreadable() -> str:
    return _(
        "Nothing you wrote is lost. Try again in a moment; if this goes on, tell an administrator."
    )

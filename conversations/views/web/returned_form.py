"""The page that gives a refused message of a plain form back, to be sent again."""

from __future__ import annotations

from collections.abc import Collection

from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import loader
from django.utils.functional import Promise

from conversations.forms.widgets import style
from conversations.views.web.requests import wants_json

# Only forms with this field come back, because others may contain passwords.
MESSAGE_FIELD = "text"
TOKEN_FIELD = "csrfmiddlewaretoken"  # noqa: S105 (the name of a field)


def carries_message(request: HttpRequest) -> bool:
    """Whether the request is a message of a plain form; scripts keep their text themselves."""
    return not wants_json(request) and MESSAGE_FIELD in request.POST


def page(
    request: HttpRequest,
    *,
    status: int,
    message: str | Promise,
    template: str = "unsent.html",
    without: Collection[str] = (),
    wrong: BoundField | None = None,
) -> HttpResponse:
    """Render ``message`` above the form as it was sent, but for the fields ``without``.

    Uses no database, which may be what failed.
    """
    left_out = {TOKEN_FIELD, *without}
    if wrong is not None:
        left_out.add(wrong.html_name)
        style(wrong.form)
    context = {
        "message": message,
        "wrong": wrong,
        "action": request.get_full_path(),
        "csrf_token": get_token(request),
        "fields": [
            (name, value)
            for name, values in request.POST.lists()
            if name not in left_out
            for value in values
        ],
    }
    return HttpResponse(loader.get_template(template).render(context), status=status)

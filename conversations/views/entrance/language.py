"""The choice of a language, also for visitors who are not signed in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from conversations.actions.preferences import change_language


@require_POST
def language(request: HttpRequest) -> HttpResponseBase:
    """Set Django's language cookie, and store the choice with a user who is signed in."""
    code = request.POST.get("language", "")
    if request.user.is_authenticated and code in dict(settings.LANGUAGES):
        change_language(request.user, code)
    return set_language(request)

"""The prompt snippets of the composer."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from conversations.queries.presets import usable_snippets
from conversations.views.web.permissions import login_required
from conversations.views.web.requests import current_user


@require_safe
@login_required
def snippets(request: HttpRequest) -> JsonResponse:
    """Return every snippet that the user may use, for static/js/elements/snippet-menu.js."""
    rows = usable_snippets(current_user(request))
    return JsonResponse({"snippets": [{"name": row.name, "text": row.text} for row in rows]})

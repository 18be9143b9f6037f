"""Prompt snippets: their pages under Settings, and the list that the composer offers."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from conversations.forms.presets import SnippetForm
from conversations.models import Snippet
from conversations.queries.presets import usable_snippets
from conversations.views.settings.owned_crud import OwnedRows, Words
from conversations.views.web.permissions import login_required
from conversations.views.web.replies import person

PAGES = OwnedRows(
    kind=Snippet,
    name="snippet",
    form=SnippetForm,
    usable=usable_snippets,
    words=Words(
        new=_("New snippet"), new_team=_("New team snippet"), removed=_("“%(name)s” is removed.")
    ),
)


@login_required
@require_safe
def snippets(request: HttpRequest) -> JsonResponse:
    """Every snippet that the person may use, for static/js/elements/snippet-menu.js."""
    rows = usable_snippets(person(request))
    return JsonResponse({"snippets": [{"name": row.name, "text": row.text} for row in rows]})

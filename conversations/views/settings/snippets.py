"""Settings → Prompt snippets: the user's own, then the team's."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conversations import access
from conversations.forms.presets import SnippetForm
from conversations.models import Snippet
from conversations.queries.presets import usable_snippets
from conversations.views.settings import owned_rows
from conversations.views.web.permissions import administrator_required, login_required
from conversations.views.web.requests import current_user, posted, require_safe_or_post


@require_safe
@login_required
def settings_snippets(request: HttpRequest) -> HttpResponse:
    context = {"rows": usable_snippets(current_user(request))}
    return render(request, "settings/snippets.html", context)


@require_safe_or_post
@login_required
def snippet_create(request: HttpRequest) -> HttpResponse:
    form = SnippetForm(posted(request), owner=current_user(request))
    return owned_rows.edit(request, Snippet, form, title=_("New snippet"))


@require_safe_or_post
@administrator_required
def team_snippet_create(request: HttpRequest) -> HttpResponse:
    form = SnippetForm(posted(request), owner=None)
    return owned_rows.edit(request, Snippet, form, title=_("New team snippet"))


@require_safe_or_post
@login_required
def settings_snippet(request: HttpRequest, row_id: uuid.UUID) -> HttpResponse:
    row = access.owned_row(Snippet, current_user(request), row_id)
    form = SnippetForm(posted(request), row=row, owner=row.owner)
    return owned_rows.edit(request, Snippet, form, title=row.name)


@require_POST
@login_required
def snippet_deletion(request: HttpRequest, row_id: uuid.UUID) -> HttpResponse:
    return owned_rows.remove(request, Snippet, row_id)

"""Settings → Presets: the user's own, then the team's."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conversations import access
from conversations.forms.presets import PresetForm
from conversations.models import Preset
from conversations.queries.presets import usable_presets
from conversations.views.settings import owned_rows
from conversations.views.web.permissions import administrator_required, login_required
from conversations.views.web.requests import current_user, posted, require_safe_or_post


@require_safe
@login_required
def settings_presets(request: HttpRequest) -> HttpResponse:
    context = {"rows": usable_presets(current_user(request))}
    return render(request, "settings/presets.html", context)


@require_safe_or_post
@login_required
def preset_create(request: HttpRequest) -> HttpResponse:
    form = PresetForm(posted(request), owner=current_user(request))
    return owned_rows.edit(request, Preset, form, title=_("New preset"))


@require_safe_or_post
@administrator_required
def team_preset_create(request: HttpRequest) -> HttpResponse:
    form = PresetForm(posted(request), owner=None)
    return owned_rows.edit(request, Preset, form, title=_("New team preset"))


@require_safe_or_post
@login_required
def settings_preset(request: HttpRequest, row_id: uuid.UUID) -> HttpResponse:
    row = access.owned_row(Preset, current_user(request), row_id)
    form = PresetForm(posted(request), row=row, owner=row.owner)
    return owned_rows.edit(request, Preset, form, title=row.name)


@require_POST
@login_required
def preset_deletion(request: HttpRequest, row_id: uuid.UUID) -> HttpResponse:
    return owned_rows.remove(request, Preset, row_id)

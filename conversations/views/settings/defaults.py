"""Settings → Defaults: instructions and parameters of the user and of the team."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from conversations.actions import defaults as actions
from conversations.forms.presets import OwnDefaultsForm, TeamDefaultsForm
from conversations.forms.widgets import focus_first_error
from conversations.queries.parameters import from_team, team_settings
from conversations.views.display.parameter_hints import hints_for
from conversations.views.web.permissions import administrator_required, login_required
from conversations.views.web.requests import current_user, posted, require_safe_or_post


@require_safe_or_post
@login_required
def settings_defaults(request: HttpRequest) -> HttpResponse:
    """Save the user's defaults. Administrators have the form of the team's on the same page."""
    user = current_user(request)
    form = OwnDefaultsForm(posted(request), user=user)
    if form.is_valid():
        actions.change_own(user, form.cleaned_data)
        return _saved(request)
    return _page(request, own=form)


@require_POST
@administrator_required
def team_defaults(request: HttpRequest) -> HttpResponse:
    """Save the team's defaults, and how conversations are named."""
    form = TeamDefaultsForm(request.POST, row=team_settings())
    if form.is_valid():
        actions.change_team(form.cleaned_data, actor=current_user(request))
        return _saved(request)
    return _page(request, team=form)


def _saved(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("Saved"))
    return redirect("settings_defaults")


def _page(request: HttpRequest, **bound: Any) -> HttpResponse:
    user = current_user(request)
    forms: dict[str, Any] = {"own": OwnDefaultsForm(user=user)}
    if user.is_administrator:
        forms["team"] = TeamDefaultsForm(row=team_settings())
    forms |= bound
    forms["own"].show_hints(hints_for(from_team(), None))
    for form in bound.values():
        focus_first_error(form)
    is_refused = any(form.errors for form in forms.values())
    return render(request, "settings/defaults.html", forms, status=422 if is_refused else 200)

"""Settings → Appearance & language: saved by a script at once, or by a button."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from conversations.actions import preferences
from conversations.forms.appearance import THEMES, AppearanceForm
from conversations.views.web.permissions import login_required
from conversations.views.web.replies import done, refuse_with
from conversations.views.web.requests import (
    current_user,
    next_page,
    require_safe_or_post,
    wants_json,
)


@require_safe_or_post
@login_required
def settings_appearance(request: HttpRequest) -> HttpResponse:
    """Save the preferences. The JSON says whether the page has to be reloaded."""
    user = current_user(request)
    if request.method != "POST":
        return render(request, "settings/appearance.html", {"form": AppearanceForm(user=user)})
    form = AppearanceForm(request.POST, user=user)
    if not form.is_valid():
        return refuse_with(
            request,
            status=422,
            code="invalid",
            message=_("That choice is not offered. Reload the page and choose again."),
            url=request.path,
        )
    is_other_language = form.cleaned_data["language"] != user.language
    preferences.change_theme(user, form.cleaned_data["theme"])
    preferences.change_language(user, form.cleaned_data["language"])
    preferences.change_switches(user, **form.switches)
    if wants_json(request) and not is_other_language:
        return JsonResponse({"saved": _("Saved"), "reload": False})
    if user.language:
        translation.activate(user.language)
    messages.success(request, _("Saved"))
    response = JsonResponse({"reload": True}) if wants_json(request) else redirect(request.path)
    if not user.language:
        # The cookie of the sign-in page would take precedence over the browser's language.
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
    return response


@require_POST
@login_required
def theme(request: HttpRequest) -> HttpResponse:
    """Set the theme and go back to ``next``."""
    chosen = request.POST.get("theme", "")
    if chosen in dict(THEMES):
        preferences.change_theme(current_user(request), chosen)
    return done(request, url=next_page(request, reverse("settings_appearance")))

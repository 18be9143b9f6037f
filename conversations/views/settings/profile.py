"""Settings → Profile, and Settings → Security."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from conversations.actions import preferences
from conversations.actions.sessions import end_sessions
from conversations.forms.accounts import ChangePasswordForm
from conversations.forms.profile import ProfileForm
from conversations.queries.audit import openings_for
from conversations.views.web.permissions import login_required
from conversations.views.web.requests import current_user, posted, require_safe_or_post


@require_safe
@login_required
def settings_index(request: HttpRequest) -> HttpResponse:
    del request
    return redirect("settings_profile")


@require_safe_or_post
@login_required
def settings_profile(request: HttpRequest) -> HttpResponse:
    """Save the name, and the time zone, for browsers without scripts."""
    user = current_user(request)
    form = ProfileForm(posted(request), user=user)
    if form.is_valid():
        preferences.change_name(user, form.cleaned_data["name"])
        if form.cleaned_data["time_zone"]:
            preferences.change_time_zone(user, form.cleaned_data["time_zone"])
        messages.success(request, _("Saved"))
        return redirect("settings_profile")
    return render(
        request, "settings/profile.html", {"form": form}, status=422 if form.is_bound else 200
    )


@require_POST
@login_required
def time_zone(request: HttpRequest) -> HttpResponse:
    """Save the browser's time zone, for static/js/lib/time_zone.js."""
    try:
        preferences.change_time_zone(current_user(request), request.POST.get("time_zone", ""))
    except ValueError:
        return HttpResponse(_("The server doesn’t know this time zone."), status=422)
    return HttpResponse(status=204)


@require_safe
@login_required
def settings_security(request: HttpRequest) -> HttpResponse:
    """Render the form of the password, which views/entrance/accounts.py receives."""
    context = {"form": ChangePasswordForm(), "openings": openings_for(current_user(request))}
    return render(request, "settings/security.html", context)


@require_POST
@login_required
def sign_out_elsewhere(request: HttpRequest) -> HttpResponse:
    """End the user's other sessions."""
    count = end_sessions(current_user(request), keep=request.session.session_key)
    sentence = ngettext(
        "%(count)d other session was ended.", "%(count)d other sessions were ended.", count
    )
    messages.success(request, sentence % {"count": count})
    return redirect("settings_security")

"""Settings → People: changes of one account, by administrators."""

from __future__ import annotations

import uuid
from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from conversations.actions import people
from conversations.models import User
from conversations.refusals import Refusal
from conversations.views.settings.people_list import put_links
from conversations.views.web.confirmation import Question, ask, is_confirmed
from conversations.views.web.permissions import administrator_required
from conversations.views.web.replies import refuse
from conversations.views.web.requests import current_user, next_page

LIST = "settings_people"


@require_POST
@administrator_required
def role(request: HttpRequest, user_id: uuid.UUID) -> HttpResponse:
    """Make a user administrator or member. Giving up one's own role has to be confirmed."""
    actor, user = current_user(request), get_object_or_404(User, pk=user_id)
    wanted = request.POST.get("role", "")
    if wanted not in User.Role.values:
        return HttpResponseBadRequest("role")
    if user == actor and wanted != User.Role.ADMINISTRATOR and not is_confirmed(request):
        return _confirm(request, _no_administrator_any_more())
    try:
        people.change_role(user, actor=actor, role=wanted)
    except Refusal as refusal:
        return refuse(request, refusal, reverse(LIST))
    return _changed(request, user)


@require_POST
@administrator_required
def disabling(request: HttpRequest, user_id: uuid.UUID) -> HttpResponse:
    """Forbid a user to sign in, once that is confirmed."""
    actor, user = current_user(request), get_object_or_404(User, pk=user_id)
    if not is_confirmed(request):
        return _confirm(request, _disable(user, is_self=user == actor))
    try:
        people.disable(user, actor=actor)
    except Refusal as refusal:
        return refuse(request, refusal, reverse(LIST))
    return _changed(request, user)


@require_POST
@administrator_required
def enabling(request: HttpRequest, user_id: uuid.UUID) -> HttpResponse:
    """Allow a disabled user to sign in again."""
    user = get_object_or_404(User, pk=user_id)
    people.enable(user, actor=current_user(request))
    return _changed(request, user)


@require_POST
@administrator_required
def link(request: HttpRequest, user_id: uuid.UUID) -> HttpResponse:
    """Make a sign-in link. Taking away a password that works has to be confirmed."""
    actor, user = current_user(request), get_object_or_404(User, pk=user_id)
    if user.has_usable_password() and user != actor and not is_confirmed(request):
        return _confirm(request, _reset(user))
    try:
        people.start_link(user, actor=actor)
    except people.OwnAccountError as refusal:
        return refuse(request, refusal, reverse("settings_security"))
    put_links(request, [user])
    return _changed(request, user)


def _confirm(request: HttpRequest, question: Question) -> HttpResponse:
    question = replace(question, keep=_("Keep as it is"))
    return ask(request, question, back=next_page(request, reverse(LIST)))


def _changed(request: HttpRequest, user: User) -> HttpResponseRedirect:
    messages.success(request, _("%(name)s was changed.") % {"name": user})
    return redirect(next_page(request, reverse(LIST)))


def _disable(user: User, *, is_self: bool) -> Question:
    if is_self:
        return Question(
            title=_("Disable your own account?"),
            text=_(
                "You’ll be signed out right away, and only another administrator can let you "
                "back in."
            ),
            verb=_("Disable my account"),
        )
    return Question(
        title=_("Disable %(name)s?") % {"name": user},
        text=_("They’re signed out right away, and their replies stop. Conversations are kept."),
        verb=_("Disable"),
    )


def _no_administrator_any_more() -> Question:
    return Question(
        title=_("Stop being an administrator?"),
        text=_(
            "You keep your conversations, but only another administrator can make you one again."
        ),
        verb=_("Make me a member"),
    )


def _reset(user: User) -> Question:
    return Question(
        title=_("Reset %(name)s’s password?") % {"name": user},
        text=_(
            "The password stops working now, and they are signed out everywhere until they use "
            "the new link."
        ),
        verb=_("Reset and make a link"),
    )

"""Settings → People: who belongs to the team. For administrators."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from conversations.actions import people
from conversations.models import User
from conversations.views.settings.people_list import put_links
from conversations.views.web.confirmation import Question, is_confirmed
from conversations.views.web.permissions import administrator_required
from conversations.views.web.replies import current_user as signed_in


@require_POST
@administrator_required
def role(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Make somebody administrator or member; oneself after a question only."""
    actor, person = signed_in(request), get_object_or_404(User, pk=person_id)
    wanted = request.POST.get("role", "")
    if wanted not in User.Role.values:
        return HttpResponseBadRequest("role")
    if person == actor and wanted != User.Role.ADMINISTRATOR and not is_confirmed(request):
        return _ask(request, person, _no_administrator_any_more())
    return _change(request, person, lambda: people.change_role(person, actor=actor, role=wanted))


@require_POST
@administrator_required
def disabling(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Let somebody no longer sign in, after a question."""
    actor, person = signed_in(request), get_object_or_404(User, pk=person_id)
    if not is_confirmed(request):
        return _ask(request, person, _disable(person, is_self=person == actor))
    return _change(request, person, lambda: people.disable(person, actor=actor))


@require_POST
@administrator_required
def enabling(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Let somebody sign in again."""
    actor, person = signed_in(request), get_object_or_404(User, pk=person_id)
    return _change(request, person, lambda: people.enable(person, actor=actor))


@require_POST
@administrator_required
def link(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """A new link; after a question where it takes away a password that works."""
    actor, person = signed_in(request), get_object_or_404(User, pk=person_id)
    if person.has_usable_password() and person != actor and not is_confirmed(request):
        return _ask(request, person, _reset(person))
    return _change(request, person, lambda: _give_link(request, person, actor=actor))


def _give_link(request: HttpRequest, person: User, *, actor: User) -> None:
    people.start_link(person, actor=actor)
    put_links(request, [person])


def _ask(request: HttpRequest, person: User, question: Question) -> HttpResponse:
    context = {"person": person, "question": question, "posted": request.POST.get("role", "")}
    return render(request, "settings/people_confirm.html", context)


def _change(request: HttpRequest, person: User, action: Callable[[], None]) -> HttpResponse:
    """Do it, say what was done or why not, and go back to the list."""
    try:
        action()
    except people.NotAdministratorError as error:
        raise PermissionDenied from error
    except people.LastAdministratorError:
        told = _("%(name)s is the last administrator. Make somebody else administrator first.")
        messages.error(request, told % {"name": person})
    except people.OwnAccountError:
        messages.error(request, _("Change your own password under Security."))
        return redirect("settings_security")
    else:
        messages.success(request, _("%(name)s was changed.") % {"name": person})
    return redirect("settings_people")


def _disable(person: User, *, is_self: bool) -> Question:
    if is_self:
        return Question(
            title=_("Disable your own account?"),
            text=_("You are signed out at once, and only another administrator lets you in again."),
            verb=_("Disable my account"),
        )
    return Question(
        title=_("Disable %(name)s?") % {"name": person},
        text=_("They are signed out at once, and their answers stop. Conversations are kept."),
        verb=_("Disable"),
    )


def _no_administrator_any_more() -> Question:
    return Question(
        title=_("Give up being administrator?"),
        text=_("You keep your conversations, but only another administrator gives it back."),
        verb=_("Make me a member"),
    )


def _reset(person: User) -> Question:
    return Question(
        title=_("Reset the password of %(name)s?") % {"name": person},
        text=_(
            "The password stops working now, and they are signed out everywhere until they use "
            "the new link."
        ),
        verb=_("Reset and make a link"),
    )

"""Settings → People: one change of all the selected users."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from conversations.actions.people_bulk import BulkChange, change_people
from conversations.models import User
from conversations.views.settings.people_list import put_links
from conversations.views.web.confirmation import Question, ask, is_confirmed
from conversations.views.web.permissions import administrator_required
from conversations.views.web.requests import current_user, next_page

LIST = "settings_people"
# Changes that take something away from people.
ASKED = frozenset({BulkChange.DISABLE, BulkChange.LINK})


@require_POST
@administrator_required
def changes(request: HttpRequest) -> HttpResponse:
    """Change the role of the selected users, disable or enable them, or make links for them."""
    actor, back = current_user(request), next_page(request, reverse(LIST))
    try:
        change = BulkChange(request.POST.get("change", ""))
        ids = [uuid.UUID(text) for text in request.POST.getlist("person")]
    except ValueError:
        return HttpResponseBadRequest("change")
    people = list(User.objects.filter(pk__in=ids).exclude(pk=actor.pk))
    if not people:
        messages.warning(request, _("Select somebody other than yourself."))
        return redirect(back)
    if change in ASKED and not is_confirmed(request):
        return ask(request, _question(change, len(people)), back=back)
    changed = change_people(people, change, actor=actor)
    if change is BulkChange.LINK:
        put_links(request, changed)
    messages.success(request, _sentence(len(changed)))
    return redirect(back)


def _sentence(count: int) -> str:
    sentence = ngettext("%(count)d person changed.", "%(count)d people changed.", count)
    return sentence % {"count": count}


def _question(change: BulkChange, count: int) -> Question:
    if change is BulkChange.DISABLE:
        title = ngettext("Disable %(count)d person?", "Disable %(count)d people?", count)
        return Question(
            title=title % {"count": count},
            text=_(
                "They’re signed out right away, and their replies stop. Conversations are kept."
            ),
            verb=_("Disable"),
            keep=_("Cancel"),
        )
    title = ngettext(
        "Make a new link for %(count)d person?", "Make new links for %(count)d people?", count
    )
    return Question(
        title=title % {"count": count},
        text=_("Their passwords stop working now, and they’re signed out everywhere."),
        verb=_("Reset and make links"),
        keep=_("Cancel"),
    )

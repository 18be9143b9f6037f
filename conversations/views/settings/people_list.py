"""The list of the team, adding to it, and the links that are shown once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conversations.actions import people
from conversations.forms.people import AddPeopleForm
from conversations.models import User
from conversations.queries.people import team
from conversations.views.web.permissions import administrator_required
from conversations.views.web.requests import current_user, posted, require_safe_or_post

PAGE_SIZE = 100
# Whose links the next page shows. No link is kept anywhere: the page makes them.
LINKS_KEY = "links_to_show"


@dataclass(frozen=True, slots=True)
class Link:
    """What an administrator passes on."""

    person: User
    url: str
    expires: datetime


@require_safe_or_post
@administrator_required
def settings_people(request: HttpRequest) -> HttpResponse:
    """Everybody, and the form that adds more."""
    form = AddPeopleForm(posted(request))
    if form.is_valid():
        return _add(request, form.cleaned_data["people"])
    context = {
        "form": form,
        "page": Paginator(team(), PAGE_SIZE).get_page(request.GET.get("page")),
        "links": _take_links(request) if not form.is_bound else [],
    }
    status = 422 if form.is_bound else 200
    return render(request, "settings/people.html", context, status=status)


def put_links(request: HttpRequest, persons: Iterable[User]) -> None:
    """Let the next view of the list show a link for each of them, once."""
    request.session[LINKS_KEY] = [str(person.pk) for person in persons]


def _add(request: HttpRequest, entries: list[people.Entry]) -> HttpResponse:
    added = people.add(actor=current_user(request), entries=entries)
    count = len(added.people)
    if added.people:
        put_links(request, added.people)
        told = ngettext(
            "%(count)d person was added. Pass the link on.",
            "%(count)d people were added. Pass the links on.",
            count,
        )
        messages.success(request, told % {"count": count})
    if added.known:
        addresses = ", ".join(sorted(person.email for person in added.known))
        told = _("Already on the list and left as they are: %(addresses)s")
        messages.warning(request, told % {"addresses": addresses})
    return redirect("settings_people")


def _take_links(request: HttpRequest) -> list[Link]:
    ids = request.session.pop(LINKS_KEY, [])
    expires = timezone.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    return [
        Link(person=person, url=_url_for(request, person), expires=expires)
        for person in User.objects.filter(pk__in=ids, is_active=True)
        # Who has a password by now needs no link, and must not be signed in as by one.
        if not person.has_usable_password()
    ]


def _url_for(request: HttpRequest, person: User) -> str:
    parts = {"uidb36": user_pk_to_url_str(person), "key": people.link_token(person)}
    path = reverse("account_reset_password_from_key", kwargs=parts)
    return (
        f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else request.build_absolute_uri(path)
    )

"""Settings → People: the list, adding users, and their sign-in links, which are shown once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conversations.actions import people
from conversations.forms.people import AddPeopleForm
from conversations.forms.team_list import TeamListForm
from conversations.models import User
from conversations.queries.people import find
from conversations.transfer.csv_text import BOM, csv_text
from conversations.views.web.permissions import administrator_required
from conversations.views.web.requests import current_user, posted, require_safe_or_post

PAGE_SIZE = 100
# The session has the ids of users whose links the next page shows. Links are not stored.
LINKS_KEY = "links_to_show"


@dataclass(frozen=True, slots=True)
class Link:
    """A sign-in link that an administrator passes on."""

    person: User
    url: str
    expires: datetime


@require_safe_or_post
@administrator_required
def settings_people(request: HttpRequest) -> HttpResponse:
    """Add users. GET lists all."""
    form = AddPeopleForm(posted(request))
    if form.is_valid():
        return _add(request, form.cleaned_data["people"])
    asked = TeamListForm(request.GET)
    chosen = {name: value for name, value in asked.values.items() if value}
    links = _take_links(request) if not form.is_bound else []
    context = {
        "form": form,
        "asked_form": asked,
        "asked": urlencode(chosen),
        "page": Paginator(find(**chosen), PAGE_SIZE).get_page(request.GET.get("page")),
        "links": links,
        "links_file": _file(links),
    }
    status = 422 if form.is_bound else 200
    return render(request, "settings/people.html", context, status=status)


def put_links(request: HttpRequest, users: Iterable[User]) -> None:
    """Let the next view of the list show a link for each user, once."""
    request.session[LINKS_KEY] = [str(user.pk) for user in users]


def _add(request: HttpRequest, entries: list[people.Entry]) -> HttpResponse:
    added = people.add(actor=current_user(request), entries=entries)
    count = len(added.people)
    if added.people:
        put_links(request, added.people)
        sentence = ngettext(
            "%(count)d person was added. Pass the link on.",
            "%(count)d people were added. Pass the links on.",
            count,
        )
        messages.success(request, sentence % {"count": count})
    if added.known:
        addresses = ", ".join(sorted(user.email for user in added.known))
        sentence = _("Already on the list and left as they are: %(addresses)s")
        messages.warning(request, sentence % {"addresses": addresses})
    return redirect("settings_people")


def _take_links(request: HttpRequest) -> list[Link]:
    ids = request.session.pop(LINKS_KEY, [])
    expires = timezone.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    return [
        Link(person=user, url=_url_for(request, user), expires=expires)
        for user in User.objects.filter(pk__in=ids, is_active=True).order_by("name", "id")
        # A user who has a password by now needs no link, and nobody may sign in as them by one.
        if not user.has_usable_password()
    ]


def _file(links: Iterable[Link]) -> str:
    """Return the links as the address of a CSV file, because the server does not keep them."""
    rows = [(str(link.person), link.person.email, link.url) for link in links]
    text = csv_text([("name", "email", "link"), *rows])
    return f"data:text/csv;charset=utf-8,{quote(BOM + text)}"


def _url_for(request: HttpRequest, user: User) -> str:
    parts = {"uidb36": user_pk_to_url_str(user), "key": people.link_token(user)}
    path = reverse("account_reset_password_from_key", kwargs=parts)
    return (
        f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else request.build_absolute_uri(path)
    )

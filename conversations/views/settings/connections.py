"""Settings → Connections: the list, and the form of one."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from conversations import access
from conversations.actions import connections as actions
from conversations.actions import verification
from conversations.forms.connections import ConnectionForm
from conversations.models import Connection, User
from conversations.queries.connection_cards import cards_for
from conversations.views.settings import connection_tests
from conversations.views.web.permissions import administrator_required, login_required
from conversations.views.web.requests import current_user, posted, require_safe_or_post


@require_safe
@login_required
def settings_connections(request: HttpRequest) -> HttpResponse:
    """List the user's and the team's connections, with the report of a test."""
    context = {"cards": cards_for(current_user(request)), "report": connection_tests.take(request)}
    return render(request, "settings/connections.html", context)


@sensitive_post_parameters("key")
@require_safe_or_post
@login_required
def connection_create(request: HttpRequest) -> HttpResponse:
    return _create(request, owner=current_user(request))


@sensitive_post_parameters("key")
@require_safe_or_post
@administrator_required
def team_connection_create(request: HttpRequest) -> HttpResponse:
    return _create(request, owner=None)


@sensitive_post_parameters("key")
@require_safe_or_post
@login_required
def settings_connection(request: HttpRequest, connection_id: uuid.UUID) -> HttpResponse:
    """Change a connection; an empty key leaves the stored one."""
    connection = editable(request, connection_id)
    form = ConnectionForm(posted(request), owner=connection.owner, connection=connection)
    if not _is_usable(form):
        return _form(request, form, connection=connection)
    actions.update(connection, fields=form.connection_fields(), actor=current_user(request))
    return _saved(request, connection)


@require_POST
@login_required
def connection_deletion(request: HttpRequest, connection_id: uuid.UUID) -> HttpResponse:
    """Remove a connection with its key."""
    connection = editable(request, connection_id)
    actions.delete(connection, actor=current_user(request))
    messages.success(request, _("%(name)s is deleted.") % {"name": connection.name})
    return HttpResponseRedirect(reverse("settings_connections"))


def editable(request: HttpRequest, connection_id: uuid.UUID) -> Connection:
    """Return a connection whose fields the user may change. Raises NotFound."""
    connection = access.owned_row(Connection, current_user(request), connection_id)
    if connection.is_managed:
        raise access.NotFound
    return connection


def _create(request: HttpRequest, *, owner: User | None) -> HttpResponse:
    form = ConnectionForm(posted(request), owner=owner)
    if not _is_usable(form):
        return _form(request, form, connection=None)
    fields = form.connection_fields()
    connection = actions.create(owner=owner, fields=fields, actor=current_user(request))
    return _saved(request, connection)


def _is_usable(form: ConnectionForm) -> bool:
    """Whether the fields are valid, and the address may be used; the form tells the reason."""
    if not form.is_valid():
        return False
    try:
        verification.check_address(form.cleaned_data["base_url"], owner=form.owner)
    except verification.AddressError as error:
        form.refuse_address(error.code)
        return False
    return True


def _saved(request: HttpRequest, connection: Connection) -> HttpResponse:
    if "test" in request.POST:
        return connection_tests.run(request, connection)
    messages.success(request, _("%(name)s is saved.") % {"name": connection.name})
    return connection_tests.back(connection)


def _form(
    request: HttpRequest, form: ConnectionForm, *, connection: Connection | None
) -> HttpResponse:
    context = {"form": form, "connection": connection, "is_team": form.owner is None}
    return render(
        request, "settings/connection.html", context, status=422 if form.is_bound else 200
    )

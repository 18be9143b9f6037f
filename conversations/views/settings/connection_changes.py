"""The buttons on a connection's card: test, correct the URL, move, make default."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from conversations import access
from conversations.actions import connections as actions
from conversations.models import Connection
from conversations.queries.connections import visible_to
from conversations.views.settings import connection_tests
from conversations.views.settings.connections import editable
from conversations.views.web.permissions import administrator_required, login_required
from conversations.views.web.requests import current_user


@require_POST
@login_required
def connection_test(request: HttpRequest, connection_id: uuid.UUID) -> HttpResponse:
    """Test a connection with a request to one model."""
    connection = access.owned_row(Connection, current_user(request), connection_id)
    return connection_tests.run(request, connection, request.POST.get("model", ""))


@require_POST
@login_required
def connection_address(request: HttpRequest, connection_id: uuid.UUID) -> HttpResponse:
    """Replace the URL of the provider's sign-in page by the API's, and test again."""
    connection = editable(request, connection_id)
    if not actions.leads_to_sign_in(connection):
        raise access.NotFound
    actions.switch_to_api_host(connection, actor=current_user(request))
    return connection_tests.run(request, connection, request.POST.get("model", ""))


@require_POST
@administrator_required
def connection_position(request: HttpRequest, connection_id: uuid.UUID) -> HttpResponse:
    """Move a connection of the team a place ``up`` or ``down``."""
    connection = access.owned_row(Connection, current_user(request), connection_id)
    if not connection.is_team or connection.is_demo:
        raise access.NotFound
    is_up = request.POST.get("direction") == "up"
    actions.move(connection, is_up=is_up, actor=current_user(request))
    return connection_tests.back(connection)


@require_POST
@login_required
def own_default_connection(request: HttpRequest) -> HttpResponse:
    """Set the user's default connection; an empty one removes it."""
    user = current_user(request)
    wanted = request.POST.get("connection", "")
    connection = access.usable_row(visible_to(user), access.require_id(wanted)) if wanted else None
    if connection is not None and connection.is_demo:
        raise access.NotFound
    actions.set_own_default(user, connection)
    return HttpResponseRedirect(reverse("settings_connections"))

"""What a button on a connection's card does: test, switch the address, move, use first."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from conversations.actions import connections as actions
from conversations.models import Connection
from conversations.queries.connections import find_editable, visible_to
from conversations.views.settings import connection_tests
from conversations.views.settings.connections import editable
from conversations.views.web.permissions import administrator_required, login_required
from conversations.views.web.requests import current_user


@login_required
@require_POST
def connection_test(request: HttpRequest, connection_id: uuid.UUID) -> HttpResponse:
    """Ask a model once, as the document's test script does."""
    connection = find_editable(current_user(request), connection_id)
    if connection is None:
        raise Http404
    return connection_tests.run(request, connection, request.POST.get("model", ""))


@login_required
@require_POST
def connection_address(request: HttpRequest, connection_id: uuid.UUID) -> HttpResponse:
    """Correct the provider's sign-in address to the API's, and test again."""
    connection = editable(request, connection_id)
    if not actions.leads_to_sign_in(connection):
        raise Http404
    actions.switch_to_api_host(connection, actor=current_user(request))
    return connection_tests.run(request, connection, request.POST.get("model", ""))


@administrator_required
@require_POST
def connection_position(request: HttpRequest, connection_id: uuid.UUID) -> HttpResponse:
    """Move a team connection a place ``up`` or ``down``."""
    connection = find_editable(current_user(request), connection_id)
    if connection is None or not connection.is_team or connection.is_demo:
        raise Http404
    is_up = request.POST.get("direction") == "up"
    actions.move(connection, is_up=is_up, actor=current_user(request))
    return connection_tests.back(connection)


@login_required
@require_POST
def own_default_connection(request: HttpRequest) -> HttpResponse:
    """Set which connection the person's answers go through first; empty follows the order."""
    user = current_user(request)
    wanted = request.POST.get("connection", "")
    connection = _usable(visible_to(user).filter(pk=wanted).first()) if _is_id(wanted) else None
    if wanted and connection is None:
        raise Http404
    actions.set_own_default(user, connection)
    return HttpResponseRedirect(reverse("settings_connections"))


def _usable(connection: Connection | None) -> Connection | None:
    return None if connection is None or connection.is_demo else connection


def _is_id(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True

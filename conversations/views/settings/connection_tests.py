"""Connection tests; the session carries the report over the redirect to the list."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from conversations.actions.verification import verify
from conversations.models import Connection, LanguageModel
from conversations.queries.connection_cards import models_to_test
from conversations.queries.model_lists import default_for
from conversations.views.display.connection_sentences import Report, no_model, report
from conversations.views.web.requests import current_user

SESSION_KEY = "connection_test"


def run(request: HttpRequest, connection: Connection, model_name: str = "") -> HttpResponse:
    """Test with the named model, else with the user's default, and redirect to the list."""
    models = models_to_test(connection, list(LanguageModel.objects.all()))
    named = next((model for model in models if model.name == model_name), None)
    model = named or default_for(current_user(request), models)
    if model is None:
        found = no_model(connection)
    else:
        result = verify(connection, model.name)
        found = report(result, connection=connection, model=model.name)
    request.session[SESSION_KEY] = found.as_dict()
    return back(connection)


def take(request: HttpRequest) -> Report | None:
    """Remove the report from the session and return it."""
    stored = request.session.pop(SESSION_KEY, None)
    return Report.from_dict(stored) if stored else None


def back(connection: Connection) -> HttpResponse:
    """Redirect to the list, at this connection."""
    return HttpResponseRedirect(f"{reverse('settings_connections')}#connection-{connection.pk}")

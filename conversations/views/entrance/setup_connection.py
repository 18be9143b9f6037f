"""The second step of the set-up: the first connection, tested before it is stored."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from conversations.actions import connections
from conversations.actions.connections import API_BASE_URL, ConnectionFields
from conversations.actions.verification import verify_fields
from conversations.forms.setup import FirstConnectionForm
from conversations.models import Connection, LanguageModel
from conversations.queries.connection_cards import models_to_test
from conversations.queries.model_lists import default_for
from conversations.upstream.verification import Verification, VerificationKind
from conversations.views.display.connection_sentences import sentence
from conversations.views.web.permissions import administrator_required
from conversations.views.web.requests import current_user, posted, require_safe_or_post


@sensitive_post_parameters("key")
@never_cache
@require_safe_or_post
@administrator_required
def setup_connection(request: HttpRequest) -> HttpResponse:
    """Store the first connection if its key works. Without one, the demo answers."""
    if _is_connected():
        return redirect(settings.LOGIN_REDIRECT_URL)
    form = FirstConnectionForm(posted(request))
    if form.is_valid():
        fields = form.connection_fields()
        model = _model_to_ask(request, fields)
        fields, result = _ask(fields, model=model)
        notice = sentence(result, model=model)
        if result.key_works:
            is_ok = result.kind == VerificationKind.OK
            return _save(request, fields, warning="" if is_ok else notice)
        form.add_error(None, notice)
    status = 422 if form.is_bound else 200
    return render(request, "setup/connection.html", {"form": form}, status=status)


def _is_connected() -> bool:
    """Whether the team has a connection, such as that of the environment."""
    team = Connection.objects.filter(owner=None)
    return team.exclude(source=Connection.Source.DEMO).exists()


def _model_to_ask(request: HttpRequest, fields: ConnectionFields) -> str:
    served = models_to_test(_unsaved(fields), list(LanguageModel.objects.all()))
    model = default_for(current_user(request), served)
    return model.name if model else ""


def _ask(fields: ConnectionFields, *, model: str) -> tuple[ConnectionFields, Verification]:
    """Test the fields. If the URL is the provider's sign-in page, test its API instead."""
    found, result = verify_fields(fields, owner=None, model=model)
    if result.looks_like_website and connections.leads_to_sign_in(_unsaved(fields)):
        fields = replace(fields, base_url=API_BASE_URL)
        found, result = verify_fields(fields, owner=None, model=model)
    return found, result


def _unsaved(fields: ConnectionFields) -> Connection:
    return Connection(base_url=fields.base_url, serves_all_models=fields.serves_all_models)


def _save(request: HttpRequest, fields: ConnectionFields, *, warning: str) -> HttpResponse:
    connections.create(owner=None, fields=fields, actor=current_user(request))
    if warning:
        messages.warning(request, warning)
    else:
        messages.success(request, _("Connected to %(url)s.") % {"url": fields.base_url})
    return redirect(settings.LOGIN_REDIRECT_URL)

"""Trying a tool as it stands in its form, stored or not; and the check of its schema in between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from conversations.actions import http_tools as actions
from conversations.forms.http_tools import HttpToolForm, checked_schema
from conversations.forms.tool_arguments import ArgumentsForm
from conversations.refusals import Refusal
from conversations.views.display import tool_exchanges
from conversations.views.display.refusal_sentences import sentence_of
from conversations.views.web.permissions import login_required

NAME = "try"


@dataclass(frozen=True, slots=True)
class ToolTrial:
    """What came of it; without an attempt the forms say why there was none."""

    form: HttpToolForm
    arguments: ArgumentsForm | None
    attempt: tool_exchanges.ShownAttempt | None = None

    @property
    def reasons(self) -> list[str]:
        """Why nothing was sent, each with the field that it is about."""
        if self.attempt is not None:
            return []
        forms = [self.form, *self.form.headers.forms, *([self.arguments] if self.arguments else [])]
        return [said for form in forms for said in _reasons(form)] + [
            str(error) for error in self.form.headers.non_form_errors()
        ]


def is_wanted(request: HttpRequest) -> bool:
    """Whether the form was sent to be tried and not to be kept."""
    return NAME in request.POST


def make(request: HttpRequest, form: HttpToolForm) -> ToolTrial:
    """Run the tool of the form with the arguments beside it, where both can be used.

    The limit is settings.ACCOUNT_RATE_LIMITS["tool_trial"].
    """
    arguments = form.arguments(request.POST)
    is_usable = form.is_valid()
    if arguments is None or not arguments.is_valid() or not is_usable:
        return ToolTrial(form, arguments)
    try:
        draft = actions.draft(form.row, form.tool_fields())
    except Refusal as refusal:
        form.add_error(None, sentence_of(refusal))
        return ToolTrial(form, arguments)
    if not ratelimit.consume(request, action="tool_trial"):
        form.add_error(None, _("You tried tools very often. Wait a minute, then try again."))
        return ToolTrial(form, arguments)
    attempt = actions.attempt(draft, arguments.cleaned_data)
    return ToolTrial(form, arguments, tool_exchanges.shown(attempt, draft.secrets))


@require_POST
@login_required
def tool_check(request: HttpRequest) -> HttpResponse:
    """What is wrong with the schema that is being written, and the form that it makes."""
    problem, arguments = checked_schema(request.POST)
    context = {"problem": problem, "arguments": arguments, "found": found_sentence(arguments)}
    return render(request, "settings/_tool_check.html", context)


def found_sentence(arguments: ArgumentsForm | None) -> str:
    """How many arguments a schema has."""
    if arguments is None:
        return ""
    count = len(arguments.fields)
    return ngettext("%(count)s parameter", "%(count)s parameters", count) % {"count": count}


def _reasons(form: Any) -> list[str]:
    return [
        f"{form.fields[name].label}: {error}" if name in form.fields else str(error)
        for name, errors in form.errors.items()
        for error in errors
    ]

"""Trying a tool as its form describes it, and checking its schema while it is written."""

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
from conversations.views.display.refusal_sentences import sentence_of
from conversations.views.display.tool_exchanges import ToolExchange, tool_exchange
from conversations.views.web.permissions import login_required

NAME = "try"


@dataclass(frozen=True, slots=True)
class ToolTrial:
    """The result of a trial; without an attempt the forms say why there was none."""

    form: HttpToolForm
    arguments: ArgumentsForm | None
    attempt: ToolExchange | None = None

    @property
    def reasons(self) -> list[str]:
        """The errors because of which nothing was sent, each with the label of its field."""
        if self.attempt is not None:
            return []
        forms = [self.form, *self.form.headers.forms, *([self.arguments] if self.arguments else [])]
        return [reason for form in forms for reason in _reasons(form)] + [
            str(error) for error in self.form.headers.non_form_errors()
        ]


def is_wanted(request: HttpRequest) -> bool:
    """Whether the form was sent to try the tool, and not to save it."""
    return NAME in request.POST


def make(request: HttpRequest, form: HttpToolForm) -> ToolTrial:
    """Run the tool with the arguments of the form, if both are valid.

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
        form.add_error(None, _("Too many tries. Wait a minute, then try again."))
        return ToolTrial(form, arguments)
    attempt = actions.attempt(draft, arguments.cleaned_data)
    return ToolTrial(form, arguments, tool_exchange(attempt, draft.secrets))


@require_POST
@login_required
def tool_check(request: HttpRequest) -> HttpResponse:
    """Render what is wrong with a schema that is being written, and the form for its arguments."""
    problem, arguments = checked_schema(request.POST)
    context = {"problem": problem, "arguments": arguments, "found": found_sentence(arguments)}
    return render(request, "settings/_tool_check.html", context)


def found_sentence(arguments: ArgumentsForm | None) -> str:
    """Return the number of arguments as a sentence; "" if the schema is invalid."""
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

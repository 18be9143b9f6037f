"""Settings → Tools: the user's HTTP tools, then the team's."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from conversations import access
from conversations.actions import http_tools as actions
from conversations.actions.names import NameTakenError
from conversations.forms.http_tools import HttpToolForm
from conversations.models import HttpTool, User
from conversations.queries.http_tools import visible_tools
from conversations.refusals import Refusal
from conversations.views.display.refusal_sentences import sentence_of
from conversations.views.settings import tool_trials
from conversations.views.web.permissions import administrator_required, login_required
from conversations.views.web.requests import current_user, posted, require_safe_or_post


@require_safe
@login_required
def settings_tools(request: HttpRequest) -> HttpResponse:
    return render(request, "settings/tools.html", {"rows": visible_tools(current_user(request))})


@require_safe_or_post
@login_required
def tool_create(request: HttpRequest) -> HttpResponse:
    return _edit(request, owner=current_user(request), row=None, title=gettext_lazy("New tool"))


@require_safe_or_post
@administrator_required
def team_tool_create(request: HttpRequest) -> HttpResponse:
    return _edit(request, owner=None, row=None, title=gettext_lazy("New team tool"))


@require_safe_or_post
@login_required
def settings_tool(request: HttpRequest, tool_id: uuid.UUID) -> HttpResponse:
    """Change a tool, or try it."""
    row = access.owned_row(HttpTool, current_user(request), tool_id)
    return _edit(request, owner=row.owner, row=row, title=row.name)


@require_POST
@login_required
def tool_availability(request: HttpRequest, tool_id: uuid.UUID) -> HttpResponse:
    """Offer a tool to models, or not."""
    row = access.owned_row(HttpTool, current_user(request), tool_id)
    is_enabled = request.POST.get("enabled") == "on"
    actions.set_enabled(row, is_enabled=is_enabled, actor=current_user(request))
    return redirect("settings_tools")


@require_POST
@login_required
def tool_deletion(request: HttpRequest, tool_id: uuid.UUID) -> HttpResponse:
    row = access.owned_row(HttpTool, current_user(request), tool_id)
    actions.remove(row, actor=current_user(request))
    messages.success(request, _("“%(name)s” is removed.") % {"name": row.name})
    return redirect("settings_tools")


def _edit(
    request: HttpRequest, *, owner: User | None, row: HttpTool | None, title: str | Promise
) -> HttpResponse:
    form = HttpToolForm(posted(request), row=row, owner=owner)
    trial = tool_trials.make(request, form) if tool_trials.is_wanted(request) else None
    if trial is None and form.is_valid() and _save(form, current_user(request)):
        messages.success(request, _("Saved"))
        return redirect("settings_tools")
    arguments = trial.arguments if trial else form.arguments()
    context = {
        "form": form,
        "row": row,
        "is_team": owner is None,
        "title": title,
        "trial": trial,
        "arguments": arguments,
        "found": tool_trials.found_sentence(arguments),
    }
    if trial is not None:
        # A script inserts the result into the page; without one the page is rendered again.
        is_part = request.htmx  # type: ignore[attr-defined]
        name = "settings/_tool_trial.html" if is_part else "settings/tool.html"
        return render(request, name, context)
    return render(request, "settings/tool.html", context, status=422 if form.errors else 200)


def _save(form: HttpToolForm, actor: User) -> bool:
    """Write the tool; return False if the form then says why that could not be."""
    fields = form.tool_fields()
    try:
        if form.row:
            actions.change(form.row, fields=fields, actor=actor)
        else:
            actions.create(owner=form.owner, fields=fields, actor=actor)
    except Refusal as refusal:
        field = "name" if isinstance(refusal, NameTakenError) else None
        form.add_error(field, sentence_of(refusal))
    return not form.errors

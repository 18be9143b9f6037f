"""The pages that presets and prompt snippets have alike: the form of one, and its removal."""

from __future__ import annotations

import uuid
from typing import TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from conversations import access
from conversations.actions import presets as actions
from conversations.forms.presets import PresetForm, SnippetForm
from conversations.forms.widgets import focus_first_error
from conversations.models import Preset, Snippet
from conversations.refusals import Refusal
from conversations.views.display.refusal_sentences import sentence_of
from conversations.views.web.requests import current_user

Kind = TypeVar("Kind", Preset, Snippet)


def edit(
    request: HttpRequest,
    kind: type[Kind],
    form: PresetForm | SnippetForm,
    *,
    title: str | Promise,
) -> HttpResponse:
    """Save the row, or a new one of the form's owner; show the form if that cannot be."""
    name = kind.__name__.lower()
    if form.is_valid() and _save(request, kind, form):
        return redirect(f"settings_{name}s")
    focus_first_error(form)
    context = {
        "form": form,
        "row": form.row,
        "title": title,
        "list": f"settings_{name}s",
        "deletion": f"{name}_deletion",
    }
    status = 422 if form.errors else 200
    return render(request, "settings/owned_row.html", context, status=status)


def remove(request: HttpRequest, kind: type[Kind], row_id: uuid.UUID) -> HttpResponse:
    """Remove a row that the user may change and redirect to the list. Raises access.NotFound."""
    user = current_user(request)
    row = access.owned_row(kind, user, row_id)
    actions.remove(row, actor=user)
    messages.success(request, _("“%(name)s” is removed.") % {"name": row.name})
    return redirect(f"settings_{kind.__name__.lower()}s")


def _save(request: HttpRequest, kind: type[Kind], form: PresetForm | SnippetForm) -> bool:
    """Write the row; return False if the form then says why that could not be."""
    actor, values = current_user(request), form.cleaned_data
    try:
        if form.row:
            actions.change(form.row, actor=actor, values=values)
        else:
            actions.create(kind, owner=form.owner, actor=actor, values=values)
    except Refusal as refusal:
        form.add_error("name", sentence_of(refusal))
    return not form.errors

"""A person's folders: made, named, ordered, removed."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conversations import access
from conversations.actions import folders as actions
from conversations.forms.conversations import FolderForm, FolderPromptForm, PlaceForm
from conversations.models import Folder
from conversations.queries import folders as queries
from conversations.views.chat import sidebar
from conversations.views.web.permissions import login_required
from conversations.views.web.replies import current_user, done, refuse, wants_json

LISTS = "conversation_list"


@login_required
@require_safe
def folder_choices(request: HttpRequest) -> HttpResponse:
    """All folders, to choose one; with ``?conversation=`` a page that moves it."""
    user = current_user(request)
    context: dict[str, Any] = {"choices": queries.choices(user)}
    if not (wanted := request.GET.get("conversation", "")):
        return render(request, "conversations/_folder_choices.html", context)
    context |= sidebar.shell(request, user, None)
    context["moved"] = access.conversation_for(user, sidebar.identifier(wanted))
    return render(request, "conversations/move.html", context)


@login_required
@require_POST
def folder_create(request: HttpRequest) -> HttpResponse:
    """Make a folder."""
    user = current_user(request)
    form = FolderForm(request.POST, user=user)
    if not form.is_valid():
        return _refuse_name(request, form, reverse(LISTS))
    try:
        folder = actions.create(user, form.cleaned_data["name"], parent=form.cleaned_data["parent"])
    except (actions.NestingError, actions.TooManyError) as error:
        return _refuse(request, error, reverse(LISTS))
    if wants_json(request):
        return JsonResponse({"id": folder.pk, "name": folder.name}, status=201)
    return done(request, url=reverse("folder", args=[folder.pk]))


@login_required
@require_POST
def folder_name(request: HttpRequest, folder_id: uuid.UUID) -> HttpResponse:
    """Rename it."""
    user = current_user(request)
    folder = access.folder_for(user, folder_id)
    form = FolderForm(request.POST, user=user)
    if not form.is_valid():
        return _refuse_name(request, form, reverse("folder", args=[folder.pk]))
    actions.rename(folder, form.cleaned_data["name"])
    return done(request, url=reverse("folder", args=[folder.pk]))


@login_required
@require_POST
def folder_prompt(request: HttpRequest, folder_id: uuid.UUID) -> HttpResponse:
    """Set the system prompt of the chats in it."""
    folder = access.folder_for(current_user(request), folder_id)
    form = FolderPromptForm(request.POST)
    url = reverse("folder", args=[folder.pk])
    if not form.is_valid():
        return _refuse_name(request, form, url)
    actions.set_prompt(folder, form.cleaned_data["system_prompt"])
    messages.success(request, _("Saved"))
    return done(request, url=url)


@login_required
@require_POST
def folder_place(request: HttpRequest, folder_id: uuid.UUID) -> HttpResponse:
    """Move it: ``by`` so many places, or into ``parent`` ahead of ``before``."""
    user = current_user(request)
    folder = access.folder_for(user, folder_id)
    form = PlaceForm(request.POST, user=user)
    url = reverse("folder", args=[folder.pk])
    if not form.is_valid():
        return refuse(request, status=422, code="place", message=str(form.errors), url=url)
    try:
        _move(folder, form)()
    except actions.NestingError as error:
        return _refuse(request, error, url)
    return done(request, url=url)


@login_required
@require_POST
def folder_deletion(request: HttpRequest, folder_id: uuid.UUID) -> HttpResponse:
    """Remove it; what stands in it is kept."""
    actions.delete(access.folder_for(current_user(request), folder_id))
    return done(request, url=reverse(LISTS))


def _move(folder: Folder, form: PlaceForm) -> Callable[[], None]:
    data = form.cleaned_data
    if data["by"]:
        return lambda: actions.shift(folder, by=data["by"])
    return lambda: actions.place(folder, parent=data["parent"], before=data["before"])


def _refuse_name(request: HttpRequest, form: Form, url: str) -> HttpResponse:
    message = " ".join(text for errors in form.errors.values() for text in map(str, errors))
    return refuse(request, status=422, code="name", message=message, url=url)


def _refuse(request: HttpRequest, error: Exception, url: str) -> HttpResponse:
    if isinstance(error, actions.TooManyError):
        message = _("You have %(count)d folders, which is the most. Remove one first.")
        message %= {"count": actions.MOST}
        return refuse(request, status=409, code="too_many", message=message, url=url)
    message = _("A folder may stand in another, but no deeper, and not one that has folders.")
    return refuse(request, status=409, code="nesting", message=message, url=url)

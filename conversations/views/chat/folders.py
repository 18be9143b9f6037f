"""Making, renaming, ordering and removing folders."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conversations import access
from conversations.actions import folders as actions
from conversations.forms.conversations import FolderForm, FolderPromptForm, PlaceForm
from conversations.queries import folders as queries
from conversations.refusals import Refusal
from conversations.views.chat import sidebar
from conversations.views.web.permissions import login_required
from conversations.views.web.replies import done, refuse, refuse_form
from conversations.views.web.requests import current_user, wants_json

LISTS = "conversation_list"


@require_safe
@login_required
def folder_choices(request: HttpRequest) -> HttpResponse:
    """Render the folders to choose from; with ``?conversation=``, a page that moves it to one."""
    user = current_user(request)
    context: dict[str, Any] = {"choices": queries.choices(user)}
    if not (wanted := request.GET.get("conversation", "")):
        return render(request, "conversations/_folder_choices.html", context)
    context |= sidebar.shell(request, user, None)
    context["moved"] = access.conversation_for(user, access.require_id(wanted))
    return render(request, "conversations/move.html", context)


@require_POST
@login_required
def folder_create(request: HttpRequest) -> HttpResponse:
    user = current_user(request)
    form = FolderForm(request.POST, user=user)
    if not form.is_valid():
        return refuse_form(request, form, reverse(LISTS), code="name")
    try:
        folder = actions.create(user, form.cleaned_data["name"], parent=form.cleaned_data["parent"])
    except Refusal as refusal:
        return refuse(request, refusal, reverse(LISTS))
    if wants_json(request):
        return JsonResponse({"id": folder.pk, "name": folder.name}, status=201)
    return done(request, url=reverse("folder", args=[folder.pk]))


@require_POST
@login_required
def folder_name(request: HttpRequest, folder_id: uuid.UUID) -> HttpResponse:
    user = current_user(request)
    folder = access.folder_for(user, folder_id)
    form = FolderForm(request.POST, user=user)
    if not form.is_valid():
        url = reverse("folder", args=[folder.pk])
        return refuse_form(request, form, url, code="name")
    actions.rename(folder, form.cleaned_data["name"])
    return done(request, url=reverse("folder", args=[folder.pk]))


@require_POST
@login_required
def folder_prompt(request: HttpRequest, folder_id: uuid.UUID) -> HttpResponse:
    """Set the system prompt of the conversations in a folder."""
    folder = access.folder_for(current_user(request), folder_id)
    form = FolderPromptForm(request.POST)
    url = reverse("folder", args=[folder.pk])
    if not form.is_valid():
        return refuse_form(request, form, url, code="name")
    actions.set_prompt(folder, form.cleaned_data["system_prompt"])
    messages.success(request, _("Saved"))
    return done(request, url=url)


@require_POST
@login_required
def folder_place(request: HttpRequest, folder_id: uuid.UUID) -> HttpResponse:
    """Move a folder: ``by`` places, or into ``parent`` ahead of ``before``."""
    user = current_user(request)
    folder = access.folder_for(user, folder_id)
    form = PlaceForm(request.POST, user=user)
    url = reverse("folder", args=[folder.pk])
    if not form.is_valid():
        return refuse_form(request, form, url, code="place")
    place = form.cleaned_data
    try:
        if place["by"]:
            actions.shift(folder, by=place["by"])
        else:
            actions.place(folder, parent=place["parent"], before=place["before"])
    except Refusal as refusal:
        return refuse(request, refusal, url)
    return done(request, url=url)


@require_POST
@login_required
def folder_deletion(request: HttpRequest, folder_id: uuid.UUID) -> HttpResponse:
    """Remove a folder; its conversations stay."""
    actions.delete(access.folder_for(current_user(request), folder_id))
    return done(request, url=reverse(LISTS))

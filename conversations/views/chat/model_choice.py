"""The model picker: the model and preset of a conversation, and favourite models."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from conversations import access
from conversations.actions import language_models as actions
from conversations.actions import presets as preset_actions
from conversations.forms.language_models import ChoiceForm
from conversations.models import LanguageModel, Preset
from conversations.queries.language_models import groups_for
from conversations.queries.presets import usable_presets
from conversations.views.chat.conversations import shell
from conversations.views.web.permissions import login_required
from conversations.views.web.replies import done, refuse_form, refuse_with
from conversations.views.web.requests import current_user, next_page, wants_json


@require_safe
@login_required
def model_choice(request: HttpRequest) -> HttpResponse:
    """Render the models to choose from, for ``?conversation=`` or a new one.

    ``?as=list`` gives the list alone, which the picker loads when it is about to be opened.
    """
    user = current_user(request)
    groups = {"groups": groups_for(user)}
    if request.GET.get("as") == "list":
        return render(request, "models/_picker_list.html", groups)
    wanted = request.GET.get("conversation", "")
    row = access.conversation_for(user, access.require_id(wanted)) if wanted else None
    is_temporary = row.is_temporary if row else request.GET.get("temporary") == "1"
    context = {**shell(request, user, row), **groups, "is_temporary": is_temporary}
    return render(request, "models/choice.html", context)


@require_POST
@login_required
def conversation_model(request: HttpRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """Set the model of a conversation, and its connection if one was chosen."""
    user = current_user(request)
    conversation = access.conversation_for(user, conversation_id)
    url = reverse("conversation", args=[conversation.pk])
    form = ChoiceForm(request.POST, user=user)
    if not form.is_valid():
        return refuse_form(request, form, url, code="model")
    model, connection = form.cleaned_data["model"], form.cleaned_data["connection"]
    actions.choose_for(conversation, model=model, connection=connection)
    if not wants_json(request):
        return HttpResponseRedirect(url)
    chosen = str(connection.pk) if connection else ""
    return JsonResponse({"model": model.name, "label": model.label, "connection": chosen})


@require_POST
@login_required
def favourite(request: HttpRequest, model_id: uuid.UUID) -> HttpResponse:
    """Make a model a favourite (``favourite=on``) or not (``off``)."""
    model = get_object_or_404(LanguageModel, pk=model_id)
    wanted = request.POST.get("favourite")
    back = next_page(request, reverse("new_chat"))
    if wanted not in {"on", "off"}:
        return refuse_with(request, status=422, code="favourite", message="on, off", url=back)
    actions.set_favourite(current_user(request), model, is_favourite=wanted == "on")
    return done(request, url=back)


@require_POST
@login_required
def conversation_preset(request: HttpRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """Set the preset of a conversation; an empty one removes it."""
    user = current_user(request)
    conversation = access.conversation_for(user, conversation_id)
    preset_actions.use(conversation, _named(request))
    return done(request, url=reverse("conversation", args=[conversation.pk]))


def _named(request: HttpRequest) -> Preset | None:
    """Return the preset of the form. Raises access.NotFound if the user may not use it."""
    preset_id = request.POST.get("preset", "")
    if not preset_id:
        return None
    return access.usable_row(usable_presets(current_user(request)), access.require_id(preset_id))

"""What a person does in the model picker: choose for a conversation, keep favourites."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from conversations import access
from conversations.actions import language_models as actions
from conversations.forms.language_models import ChoiceForm
from conversations.models import LanguageModel
from conversations.views.answers import done, next_page, person, refuse, wants_json
from conversations.views.permissions import login_required


@login_required
@require_POST
def conversation_model(request: HttpRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """Set the model, and the connection where one was chosen, of the answers to come."""
    user = person(request)
    conversation = access.conversation_for(user, conversation_id)
    url = reverse("conversation", args=[conversation.pk])
    form = ChoiceForm(request.POST, user=user)
    if not form.is_valid():
        message = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return refuse(request, status=422, code="model", message=message, url=url)
    model, connection = form.cleaned_data["model"], form.cleaned_data["connection"]
    actions.choose_for(conversation, model=model, connection=connection)
    if not wants_json(request):
        return HttpResponseRedirect(url)
    chosen = str(connection.pk) if connection else ""
    return JsonResponse({"model": model.name, "label": model.label, "connection": chosen})


@login_required
@require_POST
def favourite(request: HttpRequest, model_id: uuid.UUID) -> HttpResponse:
    """Put a model among the favourites (``favourite=on``) or take it out (``off``)."""
    model = get_object_or_404(LanguageModel, pk=model_id)
    wanted = request.POST.get("favourite")
    back = next_page(request, reverse("new_chat"))
    if wanted not in {"on", "off"}:
        return refuse(request, status=422, code="favourite", message="on, off", url=back)
    actions.set_favourite(person(request), model, is_favourite=wanted == "on")
    return done(request, url=back)

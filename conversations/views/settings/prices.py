"""Settings → Models: the prices of a model."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from conversations.actions import prices as actions
from conversations.forms.prices import PriceForm
from conversations.models import LanguageModel, Price
from conversations.refusals import Refusal
from conversations.views.settings.language_models import model_page
from conversations.views.web.permissions import administrator_required
from conversations.views.web.replies import refuse
from conversations.views.web.requests import current_user


@require_POST
@administrator_required
def price_add(request: HttpRequest, model_id: uuid.UUID) -> HttpResponse:
    """Add a price that applies from a day on."""
    model = get_object_or_404(LanguageModel, pk=model_id)
    form = PriceForm(request.POST)
    if not form.is_valid():
        return model_page(request, model, price_form=form)
    actions.add(model, actor=current_user(request), **form.cleaned_data)
    messages.success(request, _("The price of %(model)s is saved.") % {"model": model.label})
    return redirect(_prices_url(model_id))


@require_POST
@administrator_required
def price_deletion(request: HttpRequest, model_id: uuid.UUID, price_id: uuid.UUID) -> HttpResponse:
    """Remove a price that does not apply yet."""
    price = get_object_or_404(Price.objects.select_related("model"), pk=price_id, model=model_id)
    try:
        actions.remove(price, actor=current_user(request))
    except Refusal as refusal:
        return refuse(request, refusal, _prices_url(model_id))
    messages.success(request, _("The planned price is removed."))
    return redirect(_prices_url(model_id))


def _prices_url(model_id: uuid.UUID) -> str:
    return f"{reverse('settings_model', args=[model_id])}#prices"

"""Settings → Models: the list, and for administrators its changes."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conversations.actions import language_models as actions
from conversations.forms.language_models import AddedModelForm, DefaultForm, ModelForm
from conversations.forms.model_table import RatesForm, filters_of
from conversations.forms.prices import PriceForm
from conversations.models import LanguageModel, Price
from conversations.models.identifiers import parse_id
from conversations.queries.model_lists import in_series, not_for_chat_reason
from conversations.queries.model_table import table_of
from conversations.queries.prices import price_in_force
from conversations.refusals import Refusal
from conversations.views.display.refusal_sentences import sentence_of
from conversations.views.web.permissions import administrator_required, login_required
from conversations.views.web.replies import done, refuse
from conversations.views.web.requests import current_user, posted, require_safe_or_post


@require_safe
@login_required
def settings_models(request: HttpRequest) -> HttpResponse:
    """List the models by series, with the user's favourites and default."""
    return _list(request)


@require_POST
@login_required
def own_default(request: HttpRequest) -> HttpResponse:
    """Set the model of the user's new conversations."""
    user = current_user(request)
    form = DefaultForm(request.POST, current=user.default_model, allow_none=True)
    if not form.is_valid():
        return _list(request, own_default=form)
    actions.set_own_default(user, form.cleaned_data["model"])
    messages.success(request, _("Your default is saved."))
    return _back()


@require_POST
@administrator_required
def team_default(request: HttpRequest) -> HttpResponse:
    """Set the model of new conversations of users without a default."""
    form = DefaultForm(request.POST, current=None, allow_none=False)
    if not form.is_valid():
        return _list(request, team_default=form)
    actions.set_team_default(form.cleaned_data["model"], actor=current_user(request))
    messages.success(request, _("The team’s default is saved."))
    return _back()


@require_POST
@administrator_required
def model_availability(request: HttpRequest, model_id: uuid.UUID) -> HttpResponse:
    """Enable (``enabled=on``) or disable one model."""
    model = get_object_or_404(LanguageModel, pk=model_id)
    is_enabled = request.POST.get("enabled") == "on"
    try:
        actions.change(model, actor=current_user(request), is_enabled=is_enabled)
    except Refusal as refusal:
        return refuse(request, refusal, _list_url())
    return done(request, url=_list_url(model))


@require_safe_or_post
@administrator_required
def settings_model(request: HttpRequest, model_id: uuid.UUID) -> HttpResponse:
    """Change the display name and the switches of a model."""
    model = get_object_or_404(LanguageModel, pk=model_id)
    form = ModelForm(posted(request), model=model)
    if form.is_valid():
        try:
            actions.change(model, actor=current_user(request), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("is_enabled", sentence_of(refusal))
        else:
            messages.success(request, _("%(model)s is saved.") % {"model": model.label})
            return _back(model)
    return model_page(request, model, form=form)


def model_page(
    request: HttpRequest,
    model: LanguageModel,
    *,
    form: ModelForm | None = None,
    price_form: PriceForm | None = None,
) -> HttpResponse:
    """Render the page of a model, with the form that was refused, if any."""
    versions = list(model.prices.all())
    form = form or ModelForm(model=model)
    price_form = price_form or PriceForm(latest=versions[0] if versions else None)
    context = {
        "form": form,
        "model": model,
        "reason": not_for_chat_reason(model),
        "price_form": price_form,
        "prices": versions,
        "price_in_force": price_in_force(model.pk, timezone.now()),
        "now": timezone.now(),
    }
    is_refused = form.errors or price_form.errors
    return render(request, "settings/model.html", context, status=422 if is_refused else 200)


@require_POST
@administrator_required
def model_add(request: HttpRequest) -> HttpResponse:
    """Add a model that is not on the documented list."""
    form = AddedModelForm(request.POST)
    if not form.is_valid():
        return _list(request, added=form)
    model = actions.add(**form.cleaned_data, actor=current_user(request))
    messages.success(request, _("%(model)s is added.") % {"model": model.label})
    return _back(model)


@require_POST
@administrator_required
def model_deletion(request: HttpRequest, model_id: uuid.UUID) -> HttpResponse:
    """Remove a model that an administrator has added."""
    model = get_object_or_404(LanguageModel, pk=model_id, is_documented=False)
    try:
        actions.remove(model, actor=current_user(request))
    except Refusal as refusal:
        return refuse(request, refusal, _list_url())
    messages.success(request, _("%(model)s is removed.") % {"model": model.label})
    return _back()


def _list_url(model: LanguageModel | None = None) -> str:
    """Return the URL of the list, at the model if there is one."""
    url = reverse("settings_models")
    return f"{url}#model-{model.pk}" if model else url


def _back(model: LanguageModel | None = None) -> HttpResponse:
    return HttpResponseRedirect(_list_url(model))


def _list(request: HttpRequest, **bound: Any) -> HttpResponse:
    """Render the list; ``bound`` holds the form that was refused, if any."""
    user = current_user(request)
    forms: dict[str, Any] = {
        "own_default": DefaultForm(current=user.default_model, allow_none=True)
    }
    context: dict[str, Any] = {
        "favourites": set(user.favourite_models.values_list("pk", flat=True))
    }
    if user.is_administrator:
        team = LanguageModel.objects.filter(is_default=True).first()
        forms |= {"team_default": DefaultForm(current=team, allow_none=False)}
        forms |= {"added": AddedModelForm()}
        context |= _table(request)
    else:
        context["series"] = in_series(LanguageModel.objects.filter(is_enabled=True))
    context["forms"] = forms | bound
    return render(request, "settings/models.html", context, status=422 if bound else 200)


def _table(request: HttpRequest) -> dict[str, Any]:
    """Return the table of models, and the form of the price that is edited in it, if any."""
    table = table_of(filters_of(request.GET))
    edited = parse_id(request.GET.get("price", ""))
    row = next((row for row in table.rows if row.model.pk == edited), None)
    form = RatesForm(initial=_rates_of(row.price) if row else None)
    form.auto_id = "price_%s"
    for field in form.fields.values():
        field.widget.attrs["form"] = "price-form"
    form.fields["input_rate"].widget.attrs["autofocus"] = True
    return {"table": table, "rates": RatesForm(), "priced": row and edited, "price_form": form}


def _rates_of(price: Price | None) -> dict[str, Any]:
    """Return what the form of a price begins with: nothing where there is none, never 0."""
    if price is None:
        return {}
    rates = {name: getattr(price, name).normalize() for name in ("input_rate", "output_rate")}
    return {name: f"{rate:f}" for name, rate in rates.items()} | {"currency": price.currency}

"""Settings → Models: changes to several models at once, and a price in the table."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from conversations.actions import language_models as actions
from conversations.actions import prices
from conversations.forms.model_table import CHANGES, RatesForm, filters_of
from conversations.models import LanguageModel
from conversations.models.identifiers import parse_id
from conversations.queries.model_table import table_of
from conversations.refusals import Refusal
from conversations.views.web.permissions import administrator_required
from conversations.views.web.replies import refuse, refuse_form, refuse_with
from conversations.views.web.requests import current_user


@require_POST
@administrator_required
def model_changes(request: HttpRequest) -> HttpResponse:
    """Change the chosen models, or with ``all`` those that the filters in the address leave."""
    models, url = _chosen(request), _url(request)
    change = request.POST.get("change", "")
    if not models or change not in {*CHANGES, "price"}:
        sentence = _("Select at least one model.")
        return refuse_with(request, status=422, code="nothing", message=sentence, url=url)
    if change == "price":
        return _price(request, models, url)
    try:
        actions.change_several(models, actor=current_user(request), **CHANGES[change])
    except Refusal as refusal:
        return refuse(request, refusal, url)
    return _told(request, len(models), url)


def _price(request: HttpRequest, models: list[LanguageModel], url: str) -> HttpResponse:
    form = RatesForm(request.POST)
    if not form.is_valid():
        return refuse_form(request, form, url, code="price")
    prices.add_to_several(models, actor=current_user(request), **_rates(form))
    return _told(request, len(models), url)


def _rates(form: RatesForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("input_rate", "output_rate", "currency")}


def _chosen(request: HttpRequest) -> list[LanguageModel]:
    if request.POST.get("all"):
        return table_of(filters_of(request.GET)).matching
    ids = [found for text in request.POST.getlist("model") if (found := parse_id(text))]
    return list(LanguageModel.objects.filter(pk__in=ids))


def _told(request: HttpRequest, count: int, url: str) -> HttpResponse:
    sentence = ngettext("%(count)d model changed.", "%(count)d models changed.", count)
    messages.success(request, sentence % {"count": count})
    return redirect(url)


def _url(request: HttpRequest) -> str:
    query = filters_of(request.GET).query()
    return reverse("settings_models") + (f"?{query}" if query else "")

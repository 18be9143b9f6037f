"""The search page, which needs no scripts, and the options of the command palette."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from conversations.forms.search import LONGEST, SearchForm
from conversations.models import LanguageModel
from conversations.queries import search
from conversations.queries.model_lists import find_models
from conversations.views.chat import sidebar
from conversations.views.display.palette_actions import actions_for
from conversations.views.web.permissions import login_required
from conversations.views.web.requests import current_user

PALETTE_CONVERSATIONS = 7
PALETTE_MODELS = 5
ONLY_ACTIONS = ">"


@require_safe
@login_required
def search_page(request: HttpRequest) -> HttpResponse:
    """Search titles and messages, with filters; a page of conversations at a time."""
    user = current_user(request)
    form = SearchForm(request.GET, user=user)
    number = _number(request.GET.get("page", ""))
    results = search.search(user, form.text, form.filters, page=number)
    asked = [(name, str(value)) for name, value in request.GET.items() if name != "page" and value]
    context = {
        "form": form,
        "text": form.text.strip(),
        "results": results,
        "page": Paginator(range(results.count), search.PAGE).get_page(number),
        "asked": urlencode(asked),
        "is_narrowed": form.filters != search.Filters(),
        **sidebar.shell(request, user, None),
    }
    return render(request, "search/page.html", context)


@require_safe
@login_required
def palette(request: HttpRequest) -> HttpResponse:
    """Render the options for the typed text: conversations, models, actions, settings."""
    user = current_user(request)
    typed = request.GET.get("q", "")[:LONGEST]
    only_actions = typed.lstrip().startswith(ONLY_ACTIONS)
    text = typed.lstrip().removeprefix(ONLY_ACTIONS).strip() if only_actions else typed
    actions = list(actions_for(user, text))
    context = {
        "text": text.strip(),
        "only_actions": only_actions,
        "hits": [] if only_actions else _hits(request, text),
        "models": [] if only_actions else _models(text),
        "actions": [action for action in actions if not action.is_setting],
        "settings": [action for action in actions if action.is_setting],
    }
    return render(request, "search/palette.html", context)


def _hits(request: HttpRequest, text: str) -> list[search.Hit]:
    user = current_user(request)
    if not text.strip():
        return search.recent(user, limit=PALETTE_CONVERSATIONS)
    return search.search(user, text, limit=PALETTE_CONVERSATIONS, passages=1).hits


def _models(text: str) -> list[LanguageModel]:
    return find_models(text, limit=PALETTE_MODELS) if text.strip() else []


def _number(text: str) -> int:
    return max(int(text), 1) if text.isdecimal() and len(text) < 6 else 1

"""Pages for what a person or the team keeps a list of: presets, and prompt snippets."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.urls.resolvers import URLPattern
from django.utils.functional import Promise
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations import access
from conversations.actions import presets as actions
from conversations.models import Preset, Snippet, User
from conversations.refusals import Refusal
from conversations.views.display.refusal_sentences import sentence_of
from conversations.views.web.permissions import administrator_required, login_required
from conversations.views.web.requests import current_user

T = TypeVar("T", Preset, Snippet)


@dataclass(frozen=True, slots=True)
class Words:
    """What the pages say of one kind."""

    new: str | Promise
    new_team: str | Promise
    removed: str | Promise


@dataclass(frozen=True, slots=True)
class OwnedRows(Generic[T]):
    """The list, the form and the deletion of one kind; ``name`` is in paths and templates."""

    kind: type[T]
    name: str
    form: Callable[..., Form]
    usable: Callable[[User], QuerySet[T]]
    words: Words

    def routes(self) -> list[URLPattern]:
        """Where the pages are: ``settings_<name>s``, ``<name>_create``, and so on."""
        root, name = f"{self.name}s/", self.name
        guarded = login_required
        return [
            path(root, require_safe(guarded(self.listed)), name=f"settings_{name}s"),
            path(f"{root}new/", _posting(guarded(self.create)), name=f"{name}_create"),
            path(
                f"{root}team/new/",
                _posting(administrator_required(self.create_for_team)),
                name=f"team_{name}_create",
            ),
            path(f"{root}<uuid:row_id>/", _posting(guarded(self.change)), name=f"settings_{name}"),
            path(
                f"{root}<uuid:row_id>/deletion/",
                require_POST(guarded(self.remove)),
                name=f"{name}_deletion",
            ),
        ]

    def listed(self, request: HttpRequest) -> HttpResponse:
        """The person's own, then the team's."""
        rows = self.usable(current_user(request))
        return render(request, f"settings/{self.name}s.html", {"rows": rows})

    def create(self, request: HttpRequest) -> HttpResponse:
        """Add one of one's own."""
        return self._create(request, current_user(request))

    def create_for_team(self, request: HttpRequest) -> HttpResponse:
        """Add one for everybody."""
        return self._create(request, None)

    def change(self, request: HttpRequest, row_id: uuid.UUID) -> HttpResponse:
        """Look at one, and change it."""
        user = current_user(request)
        row = access.owned_row(self.kind, user, row_id)
        form = self.form(_posted(request), row=row, owner=row.owner)
        if _keep(form, partial(actions.change, row, actor=user)):
            return redirect(f"settings_{self.name}s")
        return self._page(request, form, row=row, title=row.name)

    def remove(self, request: HttpRequest, row_id: uuid.UUID) -> HttpResponse:
        """Remove one."""
        user = current_user(request)
        row = access.owned_row(self.kind, user, row_id)
        actions.remove(row, actor=user)
        messages.success(request, str(self.words.removed) % {"name": row.name})
        return redirect(f"settings_{self.name}s")

    def _create(self, request: HttpRequest, owner: User | None) -> HttpResponse:
        form = self.form(_posted(request), owner=owner)
        create = partial(actions.create, self.kind, owner=owner, actor=current_user(request))
        if _keep(form, create):
            return redirect(f"settings_{self.name}s")
        title = self.words.new if owner else self.words.new_team
        return self._page(request, form, row=None, title=title)

    def _page(
        self, request: HttpRequest, form: Form, *, row: T | None, title: str | Promise
    ) -> HttpResponse:
        context: dict[str, Any] = {
            "form": form,
            "row": row,
            "title": title,
            "list": f"settings_{self.name}s",
            "deletion": f"{self.name}_deletion",
        }
        status = 422 if form.errors else 200
        return render(request, "settings/owned_row.html", context, status=status)


def _keep(form: Form, write: Callable[..., object]) -> bool:
    """Write what was typed, where it can be; False when the form says why not."""
    if not form.is_valid():
        return False
    try:
        write(values=form.cleaned_data)
    except Refusal as refusal:
        form.add_error("name", sentence_of(refusal))
    return not form.errors


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _posting(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    return require_http_methods(["GET", "HEAD", "POST"])(view)

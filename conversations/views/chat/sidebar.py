"""The sidebar: its list of conversations, and the fragments that keep that up to date."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from conversations import access
from conversations.models import Conversation, User
from conversations.models.identifiers import parse_id
from conversations.queries import folders, sidebar
from conversations.queries.keys import Key
from conversations.views.web.permissions import login_required
from conversations.views.web.requests import current_user

COOKIE_HIDDEN = "sidebar"
# The ids of unfolded folders, separated by dots, so that the next page unfolds them too.
COOKIE_FOLDERS = "folders"


@dataclass(frozen=True, slots=True)
class Sidebar:
    """The list of the sidebar, up to the end of its first page."""

    pinned: sidebar.Rows
    folders: folders.Tree
    recent: sidebar.SidebarPage

    @property
    def is_empty(self) -> bool:
        return not (self.pinned.rows or self.folders.items or self.recent.groups)


def shell(request: HttpRequest, user: User, row: Conversation | None) -> dict[str, Any]:
    """Return the context of the sidebar. A partial page (X-Part) comes without the list."""
    has_list = "X-Part" not in request.headers
    return {
        "sidebar": whole(request, user, row) if has_list else None,
        "is_sidebar_hidden": request.COOKIES.get(COOKIE_HIDDEN) == "hidden",
    }


def whole(request: HttpRequest, user: User, row: Conversation | None) -> Sidebar:
    """Load the list, with the folder of the open conversation unfolded. At most five queries."""
    on_their_way = sidebar.answering(user)
    before = place(request.GET.get("sidebar_before", ""))
    return Sidebar(
        pinned=sidebar.pinned(user, on_their_way=on_their_way),
        folders=_tree(request, user, row, on_their_way),
        recent=sidebar.page(user, before=before, on_their_way=on_their_way),
    )


@require_safe
@login_required
def sidebar_rows(request: HttpRequest) -> HttpResponse:
    """Render the list from its top, or the page after the key ``?before=``."""
    user = current_user(request)
    before = place(request.GET.get("before", ""))
    if before is None:
        context: dict[str, Any] = {"sidebar": whole(request, user, None)}
        return render(request, "conversations/_sidebar_list.html", context)
    context = {"recent": sidebar.page(user, before=before)}
    return render(request, "conversations/_sidebar_rows.html", context)


@require_safe
@login_required
def sidebar_pinned(request: HttpRequest) -> HttpResponse:
    """Render the pinned conversations after the key ``?after=``."""
    user = current_user(request)
    found = sidebar.pinned(user, after=place(request.GET.get("after", "")))
    return render(request, "conversations/_sidebar_pinned.html", {"pinned": found})


@require_safe
@login_required
def sidebar_folders(request: HttpRequest) -> HttpResponse:
    """Render the folders, unfolded as the cookie says; with ``?all=1`` without a limit."""
    user = current_user(request)
    context = {"folders": _tree(request, user, None, sidebar.answering(user))}
    return render(request, "conversations/_sidebar_folders.html", context)


@require_safe
@login_required
def sidebar_folder(request: HttpRequest, folder_id: uuid.UUID) -> HttpResponse:
    """Render the conversations of a folder after the key ``?after=``."""
    user = current_user(request)
    folder = access.folder_for(user, folder_id)
    found = folders.rows(folder, after=place(request.GET.get("after", "")))
    context = {"folder": folder, "rows": found}
    return render(request, "conversations/_sidebar_folder_rows.html", context)


def _tree(
    request: HttpRequest, user: User, row: Conversation | None, on_their_way: sidebar.OnTheirWay
) -> folders.Tree:
    opened = {folder_id for text in _unfolded(request) if (folder_id := parse_id(text))}
    if row is not None and row.folder is not None:
        opened |= {row.folder.pk, row.folder.parent_id or row.folder.pk}
    return folders.tree(
        user,
        opened=opened,
        on_their_way=on_their_way,
        has_all=request.GET.get("all") == "1",
    )


def _unfolded(request: HttpRequest) -> list[str]:
    return request.COOKIES.get(COOKIE_FOLDERS, "").split(".")[:50]


def place(text: str) -> Key | None:
    """Parse the key at which a page of a list begins. Raises NotFound."""
    try:
        return Key.parse(text) if text else None
    except ValueError:
        raise access.NotFound from None
